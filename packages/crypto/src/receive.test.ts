import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asSealed,
  audienceOf,
  type EnvelopeHeader,
  type Hash,
  type MeshError,
  type MessageBody,
} from "@claudemesh/protocol";
import { sealDirect } from "./direct.ts";
import { hashBytes } from "./domain.ts";
import { utf8 } from "./encoding.ts";
import { envelopeDigest, headerText, signEnvelope } from "./envelope.ts";
import { type ChainView, type Receiver, receiveEnvelope } from "./receive.ts";
import type { Roster } from "./roster/index.ts";
import { fullHeader, head, memberOf, mesh, otherMesh } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { direct, message, voided } from "./testing/statements.ts";

const [alice, bob, eve] = [memberOf("alice"), memberOf("bob"), memberOf("eve")];
const hashOf = (seq: number): Hash => hashBytes(utf8(`entry ${seq}`));

/** Bob, whose chain reaches entry 9; alice became a member at entry 5. */
const receiver = (change: Partial<Receiver> & { lastBarrier?: number } = {}): Receiver => ({
  roster: {
    head: { seq: 9, hash: hashOf(9) },
    hashAt: (seq) => (seq <= 9 ? hashOf(seq) : undefined),
    signKeyAt: (member, seq) => (member === alice.member && seq >= 5 ? alice.keys.sign : undefined),
    lastBarrier: change.lastBarrier ?? 7,
    trustEnd: () => undefined,
  },
  self: { mesh, member: bob.member },
  opener: bob.opener,
  ...change,
});

const send = (change: Partial<EnvelopeHeader>, sender = alice) =>
  sealDirect({
    header: { ...fullHeader(), ...change },
    body: message,
    to: bob.keys.seal,
    signer: sender.signer,
    random: seededRandom("send"),
  });

/** A compile-time check: the verified roster is what a receiver asks. */
export const asChainView = (roster: Roster): ChainView => roster;

test("opens a message on my chain, and gives its header and digest", () => {
  const envelope = direct();
  assert.equal(head.hash, hashOf(7));
  assert.deepEqual(receiveEnvelope(envelope, receiver()), {
    result: "opened",
    header: envelope.header,
    body: message,
    digest: envelopeDigest(envelope),
  });
});

test("opens a probe, and a message to my session", () => {
  assert.equal(receiveEnvelope(send({ kind: "probe" }), receiver()).result, "opened");
  const to = `s:${bob.session}` as EnvelopeHeader["to"];
  const self = { mesh, member: bob.member, session: bob.session };
  assert.equal(receiveEnvelope(send({ to }), receiver({ self })).result, "opened");
  mustFail("forbidden", () => receiveEnvelope(send({ to }), receiver()));
});

test("a void is known as such, and may carry no body", () => {
  assert.equal(receiveEnvelope(voided(), receiver()).result, "void");
  const header = { ...fullHeader(), kind: "void" as const };
  const full = signEnvelope(header, headerText(header), Uint8Array.of(1), alice.signer);
  mustFail("malformed", () => receiveEnvelope(full, receiver()));
});

test("a head ahead of mine is handed back, even when the rest is wrong", () => {
  const ahead = { seq: 10, hash: hashOf(99) };
  const envelope = { ...send({ head: ahead }), sig: direct().sig };
  assert.deepEqual(receiveEnvelope(envelope, receiver()), { result: "ahead", head: ahead });
});

test("each refusal has its own code or message", () => {
  const receive =
    (input: unknown, as = receiver()) =>
    () =>
      receiveEnvelope(input, as);
  const foreign = { ...fullHeader(), from: { member: eve.member, device: eve.device } };
  const kind = { ...fullHeader(), kind: "group" as const };
  const group = signEnvelope(kind, headerText(kind), Uint8Array.of(1), alice.signer);
  const refusals: MeshError[] = [
    mustFail("malformed", receive({})),
    mustFail("malformed", receive({ ...direct(), body: "A".repeat(87_383) })),
    mustFail("forbidden", receive(send({ mesh: otherMesh }))),
    mustFail("roster_fork", receive(send({ head: { seq: 7, hash: hashOf(6) } }))),
    mustFail("roster_stale", receive(send({ head: { seq: 6, hash: hashOf(6) } }))),
    mustFail("not_member", receive(send(foreign, eve))),
    mustFail("bad_signature", receive({ ...direct(), sig: voided().sig })),
    mustFail("forbidden", receive(send({ to: audienceOf(eve.member) }))),
    mustFail("upgrade_required", receive(group)),
    mustFail("bad_signature", receive(direct(), receiver({ opener: eve.opener }))),
    mustFail("malformed", receive({ ...direct(), body: asSealed<MessageBody>("AB") })),
  ];
  assert.equal(new Set(refusals.map((error) => error.message)).size, refusals.length);
});

test("a fork names both heads", () => {
  const claimed = { seq: 7, hash: hashOf(6) };
  const error = mustFail("roster_fork", () => receiveEnvelope(send({ head: claimed }), receiver()));
  assert.deepEqual(error.detail, { claimed, mine: { seq: 7, hash: hashOf(7) } });
});

test("what is stale is judged at the envelope's place in the log", () => {
  const older = send({ head: { seq: 6, hash: hashOf(6) } });
  assert.equal(receiveEnvelope(older, receiver({ seqAllowed: 6 })).result, "opened");
  mustFail("roster_stale", () => receiveEnvelope(direct(), receiver({ seqAllowed: 8 })));
});

test("membership is judged at the claimed head", () => {
  const early = send({ head: { seq: 4, hash: hashOf(4) } });
  mustFail("not_member", () => receiveEnvelope(early, receiver({ lastBarrier: 0 })));
});
