import {
  ciphertextOf,
  type Input,
  memberOf,
  type SessionId,
  sessionOf,
} from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { isToSelf, leaseOf, requireOwn } from "./envelope-checks.ts";
import { aheadOfBroker, staleRoster } from "./stale.ts";

type Context = CallContext<"message.send">;
type Envelope = Input<"message.send">["envelope"];

/** Stores a direct message. The signature is the receivers' to verify; being deterministic over header and ciphertext (RFC 8032), it is also the digest. */
export const send: Handler<"message.send"> = async ({ envelope }, ctx) => {
  const { actor, config, roster, store } = ctx;
  const { header, sig } = envelope;
  const at = ctx.now();
  requireOwn(envelope, actor, at);
  requireKind(envelope, ctx);
  if (isToSelf(envelope, actor)) {
    throw ctx.fail("malformed", "envelope.header.to: the sender itself");
  }
  if (header.head.seq > roster.head.seq) throw aheadOfBroker(roster, header.head.seq);
  await requireRecipient(envelope, ctx);

  const outcome = await store.write.appendMessage({
    mesh: actor.mesh,
    sender: actor.member,
    id: header.id,
    digest: sig,
    audience: header.to,
    kind: "message",
    body: JSON.stringify(envelope),
    rosterSeq: header.head.seq,
    at,
    expiresAt: at + config.directTtlMs,
    lease: leaseOf(envelope),
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
  if (kind !== "direct" && kind !== "void") {
    throw ctx.fail("upgrade_required", `this broker does not carry ${kind} messages yet`, {
      hint: "upgrade the broker, or send to one member",
    });
  }
  const empty = ciphertextOf(body) === "";
  if (empty !== (kind === "void")) {
    throw ctx.fail(
      "malformed",
      `envelope.body: must ${empty ? "not " : ""}be empty in kind ${kind}`,
    );
  }
}

/** A repeat of what was accepted is answered as it was, also when the recipient has left since. */
async function requireRecipient({ header }: Envelope, ctx: Context): Promise<void> {
  const { actor, roster, store } = ctx;
  const recipient = memberOf(header.to);
  const session = sessionOf(header.to);
  if (session !== undefined) {
    if (await isKnown(session, ctx)) return;
  } else if (recipient === undefined) {
    throw ctx.fail("malformed", "envelope.header.to: a direct message goes to one member");
  } else if (roster.isMember(recipient)) return;
  const known = await store.read.message(actor.mesh, header.id);
  if (known.some(({ sender }) => sender === actor.member)) return;
  throw ctx.fail(
    "no_recipient",
    session === undefined
      ? "the recipient is not a member of the mesh"
      : "the session is not one that this broker knows, or its attestation is over",
  );
}

/** A session is known while its attestation lasts, also when it is away or has ended: its device answers for it then. */
async function isKnown(session: SessionId, ctx: Context): Promise<boolean> {
  const { actor, now, roster, sessions, store } = ctx;
  const live = sessions.find(actor.mesh, session);
  const attestation =
    live?.attestation ?? (await store.read.session(actor.mesh, session))?.attestation;
  if (attestation === undefined || attestation.notAfter <= now()) return false;
  const { member } = attestation;
  return roster.isMember(member) && !roster.isSessionRevoked(member, session);
}
