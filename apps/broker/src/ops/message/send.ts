import { ciphertextOf, envelopeText, type Input } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { withheldFrom } from "../../log/withheld.ts";
import { isToSelf, leaseOf, requireOwn } from "./envelope-checks.ts";
import { isWithheld } from "./is-withheld.ts";
import { keptFor } from "./kept-for.ts";
import { mentionsOf } from "./mentions-of.ts";
import { namedIn } from "./named-in.ts";
import { requireAudience } from "./require-audience.ts";
import { aheadOfBroker, staleRoster } from "./stale.ts";

type Context = CallContext<"message.send">;
type Envelope = Input<"message.send">["envelope"];

/** Stores a message: one entry of the log, however many it is for. The signature is the receivers' to verify; being deterministic over header and ciphertext (RFC 8032), it is also the digest. */
export const send: Handler<"message.send"> = async ({ envelope }, ctx) => {
  const { actor, roster, rosters, store } = ctx;
  const { header, sig } = envelope;
  const at = ctx.now();
  requireOwn(envelope, actor, at);
  requireKind(envelope, ctx);
  if (isToSelf(envelope, actor)) {
    throw ctx.fail("malformed", "envelope.header.to: the sender itself");
  }
  if (header.head.seq > roster.head.seq) {
    // The sender may have seen what another node has appended, before this one was told of it.
    await rosters.refresh(actor.mesh);
    if (header.head.seq > roster.head.seq) throw aheadOfBroker(roster, header.head.seq);
  }
  await requireAudience(envelope, ctx);
  // Most messages name nobody, and wait for nothing here.
  const isNaming = header.mentions !== undefined;

  const outcome = await store.write.appendMessage({
    mesh: actor.mesh,
    sender: actor.member,
    id: header.id,
    digest: sig,
    audience: (await isWithheld(header.to, ctx)) ? withheldFrom(header.to) : header.to,
    kind: "message",
    body: envelopeText(envelope),
    rosterSeq: header.head.seq,
    at,
    expiresAt: at + keptFor(header.to, ctx),
    lease: leaseOf(envelope),
    mentions: isNaming ? await mentionsOf(header, ctx) : undefined,
    named: isNaming && header.kind !== "void" ? await namedIn(header, ctx) : undefined,
  });
  if (outcome.result === "stale") throw staleRoster(roster, outcome.barrier);
  if (outcome.result === "conflict") {
    throw ctx.fail("conflict", "envelope.header.id: used already for another message");
  }
  if (outcome.result === "fenced") {
    throw ctx.fail("conflict", "envelope.header.lease: another session has taken the thread over");
  }
  const { seq, at: acceptedAt, repeated } = outcome;
  return { id: header.id, seq, acceptedAt, repeated };
};

function requireKind({ header, body }: Envelope, ctx: Context): void {
  const { kind } = header;
  if (kind === "probe") {
    throw ctx.fail("malformed", "envelope.header.kind: a probe is not sent as a message");
  }
  const empty = ciphertextOf(body) === "";
  if (empty !== (kind === "void")) {
    throw ctx.fail(
      "malformed",
      `envelope.body: must ${empty ? "not " : ""}be empty in kind ${kind}`,
    );
  }
}
