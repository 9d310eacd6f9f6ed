import assert from "node:assert/strict";
import { test } from "node:test";
import {
  buildJoin,
  createInviteCode,
  inviteSecret,
  newReceiptId,
  signInviteProof,
  signReceipt,
  signStatement,
  systemRandom,
} from "@claudemesh/crypto";
import { type Hash, type MemberId, MeshError } from "@claudemesh/protocol";
import { domains } from "../../packages/crypto/src/domain.ts";
import { startBroker } from "../broker/support/broker.ts";
import { Client } from "../broker/support/client.ts";
import { addMember, foundMesh, Joiner, type TestMember } from "../broker/support/member.ts";
import { Lies } from "./lies.ts";

const otherHash = "cd".repeat(32) as Hash;
const changed = (sig: string): string => `${sig.startsWith("A") ? "B" : "A"}${sig.slice(1)}`;

/** The same person with one thing about it replaced. */
const posing = (as: TestMember, change: Partial<TestMember>): TestMember =>
  Object.assign(Object.create(Object.getPrototypeOf(as)), as, change);

async function hello(as: TestMember, change: Parameters<TestMember["greet"]>[1] = {}) {
  const { answer, client } = await as.greet("call", change);
  await client.closed;
  assert.ok(answer.error, "the hello was welcomed");
  throw MeshError.fromBody(answer.error);
}

test("a broker refuses each forged statement in words of its own", async (t) => {
  await using at = await startBroker({ logLevel: "silent" });
  const lies = new Lies();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  const far = await foundMesh(at.url, "another mesh");
  const [asAlice, asBob] = [await alice.connect(), await bob.connect()];

  const nobody = `mbr_${"ab".repeat(32)}` as MemberId;
  await lies.refused("hello of one who is no member", "not_member", () =>
    hello(posing(bob, { id: nobody })),
  );
  await lies.refused("hello under another's name", "bad_signature", () =>
    hello(posing(bob, { id: alice.id })),
  );
  const signed = await Client.open(at.url);
  const frame = bob.helloFrame(signed, "call");
  signed.send({ ...frame, hello: { ...frame.hello, sig: changed(frame.hello.sig) } });
  await lies.refused("hello with a forged signature", "bad_signature", async () => {
    const { error } = await signed.find(({ type }) => type === "reply");
    assert.ok(error);
    throw MeshError.fromBody(error);
  });
  await lies.refused("hello relayed from another host", "wrong_host", () =>
    hello(bob, { host: "evil.example:7900" }),
  );
  const other = await Client.open(at.url);
  await lies.refused("hello replayed from another connection", "unauthorized", () =>
    hello(bob, { challenge: other.challenge }),
  );

  const joining = await Client.open(at.url);
  const code = await alice.invite(asAlice);
  const joiner = new Joiner(at.url, alice.mesh, code);
  const roster = await joiner.readChain(joining);
  const claim = joiner.claim("mallory");
  const joinWith = (proof: ReturnType<typeof signInviteProof>) => {
    const { keys, signer } = joiner.secret;
    const invite = joiner.invite.id;
    const entry = buildJoin(roster, { keys, invite, proof, signer, now: Date.now() });
    return { ...claim, entry };
  };
  const guessed = inviteSecret(createInviteCode(systemRandom));
  const { keys } = joiner.secret;
  const proofBy = signInviteProof(
    { mesh: alice.mesh, invite: joiner.invite.id, keys },
    guessed.signer,
  );
  await lies.refused("join with a proof by another invite's key", "bad_signature", () =>
    joining.call("invite.claim", joinWith(proofBy)),
  );
  const farCode = await far.invite(await far.connect());
  const farJoiner = new Joiner(at.url, far.mesh, farCode);
  const foreign = { ...claim.entry, body: { ...claim.entry.body, invite: farJoiner.invite.id } };
  await lies.refused("join by an invite of another mesh", "malformed", () =>
    joining.call("invite.claim", { ...claim, entry: foreign }),
  );
  const unknown = { ...claim.entry, body: { ...claim.entry.body, invite: guessed.id } };
  await lies.refused("join by an invite that nobody made", "not_found", () =>
    joining.call("invite.claim", { ...claim, entry: unknown }),
  );
  await lies.refused("join with a forged signature", "bad_signature", () =>
    joining.call("invite.claim", {
      ...claim,
      entry: { ...claim.entry, sig: changed(claim.entry.sig) },
    }),
  );
  await lies.refused("join with another's profile", "malformed", () =>
    joining.call("invite.claim", { ...claim, profile: alice.profile("mallory") }),
  );
  const second = new Joiner(at.url, alice.mesh, code);
  await second.readChain(joining);
  await joiner.join(joining, "carol");
  await lies.refused("join by an invite that is used up", "exhausted", () =>
    joining.call("invite.claim", second.claim()),
  );

  const profile = bob.profile("robert", 2);
  await lies.refused("profile of another member", "forbidden", () =>
    asBob.call("member.update", { profile: alice.profile("mallory", 2) }),
  );
  await lies.refused("profile with a forged signature", "bad_signature", () =>
    asBob.call("member.update", { profile: { ...profile, sig: changed(profile.sig) } }),
  );
  await asBob.call("member.update", { profile });
  await lies.refused("profile of an older version", "conflict", () =>
    asBob.call("member.update", { profile: bob.profile("bobby", 1) }),
  );

  const { items } = await asAlice.call("roster.list", { after: alice.roster.head.seq });
  for (const entry of items as Parameters<typeof alice.roster.apply>[0][]) {
    alice.roster.apply(entry);
  }
  const act = alice.next("policy", { retentionDays: 10 });
  await lies.refused("roster entry handed in by another", "forbidden", () =>
    asBob.call("mesh.settings", { entry: act }),
  );
  await lies.refused("roster entry with a forged signature", "bad_signature", () =>
    asAlice.call("mesh.settings", { entry: { ...act, sig: changed(act.sig) } }),
  );
  const { sig: _sig, ...unsigned } = act;
  const astray = signStatement(
    domains.roster,
    { ...unsigned, prev: otherHash },
    alice.secret.signer,
  );
  await lies.refused("roster entry on another chain", "roster_conflict", () =>
    asAlice.call("mesh.settings", { entry: astray }),
  );
  const bobs = posing(bob, { roster: alice.roster });
  await lies.refused("roster entry by one who may not", "forbidden", () =>
    asBob.call("mesh.settings", { entry: bobs.next("policy", { retentionDays: 10 }) }),
  );

  const envelope = alice.message(bob, "x");
  await lies.refused("envelope under another's name", "forbidden", () =>
    asBob.call("message.send", { envelope }),
  );
  await lies.refused("envelope of another mesh", "malformed", () =>
    asAlice.call("message.send", {
      envelope: { ...envelope, header: { ...envelope.header, mesh: far.mesh } },
    }),
  );
  await asAlice.call("message.send", { envelope });
  const { id } = envelope.header;
  await lies.refused("another envelope with an id that is taken", "conflict", () =>
    asAlice.call("message.send", { envelope: alice.message(bob, "y", { id }) }),
  );

  const [feed, bobsFeed] = [await alice.connect("feed"), await bob.connect("feed")];
  const receipt = signReceipt(
    {
      id: newReceiptId(Date.now, systemRandom),
      mesh: alice.mesh,
      member: bob.id,
      device: bob.device,
      to: alice.id,
      state: "stored",
      items: [{ id, digest: otherHash }],
      head: alice.roster.head,
      at: Date.now(),
    },
    alice.secret.signer,
  );
  await lies.refused("receipt in another's name", "malformed", () =>
    feed.request({ type: "receipt", receipts: [receipt] }),
  );
  await lies.refused("receipt for one who never was a member", "no_recipient", () =>
    bobsFeed.request({ type: "receipt", receipts: [{ ...receipt, to: nobody }] }),
  );
  for (const line of lies.table()) t.diagnostic(line);
});
