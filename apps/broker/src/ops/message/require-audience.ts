import {
  type Audience,
  type Envelope,
  type EnvelopeKind,
  everyone,
  groupOf,
  memberOf,
  type SessionId,
  sessionOf,
  topicOf,
} from "@claudemesh/protocol";
import type { CallContext } from "../../handler.ts";
import { whyNoPost } from "../topic/why-no-post.ts";

type Context = CallContext<"message.send">;

/** Throws unless kind and audience go together, somebody is there and the actor may write there. A repeat of what was accepted is answered as it was, also when the recipient has left since. */
export async function requireAudience({ header }: Envelope, ctx: Context): Promise<void> {
  const { kind, to } = header;
  if (!fits(kind, to)) {
    throw ctx.fail("malformed", `envelope.header.to: a ${kind} message does not go to ${to}`);
  }
  const topic = topicOf(to);
  const refusal =
    topic === undefined ? await whyNobody(to, ctx) : await whyNoPost(topic, ctx, kind);
  if (refusal === undefined) return;
  const known = await ctx.store.read.message(ctx.actor.mesh, header.id);
  if (known.some(({ sender }) => sender === ctx.actor.member)) return;
  throw typeof refusal === "string" ? ctx.fail("no_recipient", refusal) : refusal;
}

/** Whether a message of this kind may be addressed so; a void fills the place of any. */
function fits(kind: EnvelopeKind, to: Audience): boolean {
  switch (kind) {
    case "broadcast":
      return to === everyone;
    case "group":
      return groupOf(to) !== undefined;
    case "private_topic":
    case "topic":
      return topicOf(to) !== undefined;
    case "direct":
      return memberOf(to) !== undefined || sessionOf(to) !== undefined;
    case "probe":
      return false;
    case "void":
      return true;
  }
}

/** Why an audience has nobody in it; undefined where it has. Of a member it is known at once. */
function whyNobody(to: Audience, ctx: Context): string | undefined | Promise<string | undefined> {
  const member = memberOf(to);
  if (member === undefined) return whyNoneOf(to, ctx);
  return ctx.roster.isMember(member) ? undefined : "the recipient is not a member of the mesh";
}

async function whyNoneOf(to: Audience, ctx: Context): Promise<string | undefined> {
  const session = sessionOf(to);
  if (session !== undefined) {
    const unknown = "the session is not one that this broker knows, or its attestation is over";
    return (await isKnown(session, ctx)) ? undefined : unknown;
  }
  const group = groupOf(to);
  if (group === undefined) return undefined;
  const [someone] = await ctx.store.read.bearers(ctx.actor.mesh, to, 1);
  return someone === undefined
    ? `nobody is in the group @${group} any more, so that there is nobody to send it to`
    : undefined;
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
