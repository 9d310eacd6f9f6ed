import { compareHead, verifyEnvelope } from "@claudemesh/crypto";
import {
  audienceOf,
  audienceOfMany,
  Envelope,
  type Hash,
  type MemberId,
  MeshError,
  sessionOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { namedMembers } from "../names/member-names.ts";
import { openSession } from "../sessions/open-session.ts";
import { addNotice } from "../store/notices.ts";
import { addDue } from "../store/receipt-rows.ts";
import { tell } from "../store/story.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";

/**
 * Stores a refusal: a notice for the reader, and where the sender did sign this very envelope, a step of the story and a receipt. What the broker may have
 * altered says nothing of the sender's message, which can still come.
 */
export function refuse(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
  error: MeshError,
): void {
  const { store } = ctx;
  const { mesh, member } = scope.row;
  const at = ctx.now();
  const parsed = Envelope.safeParse(event.body);
  const header = parsed.success ? parsed.data.header : undefined;
  store.write(() => {
    const who = header === undefined ? "someone" : senderName(ctx, scope, header.from.member);
    const text = `a message under the name of ${who} was refused: ${error.message}${heads(error)}`;
    addNotice(store, { mesh, key: `refused:${event.seq}`, code: error.code, text, at });
    const digest = parsed.success ? signedDigest(ctx, scope, parsed.data) : undefined;
    if (header === undefined || digest === undefined) return;
    const sender = header.from.member;
    const isForMe =
      header.mesh === mesh &&
      (header.to === audienceOf(member) ||
        audienceOfMany(header.to) !== null ||
        openSession(ctx, mesh, header.to) !== undefined);
    if (!isForMe || sender === member) return;
    tell(store, mesh, header.id, { at, what: `refused here: ${error.message}`, sender });
    if (!ctx.rosters.of(mesh).isMember(sender)) return;
    const due = { mesh, sender, message: header.id, digest, way: null, at };
    const session = sessionOf(header.to) ?? null;
    addDue(store, { ...due, session, state: "refused", reason: error.code });
  });
}

/** The digest of an envelope that its sender signed with the key of the claimed head, which lies on my chain; undefined for every other. */
export function signedDigest(
  ctx: DeviceContext,
  { row }: FeedScope,
  envelope: Envelope,
): Hash | undefined {
  const { from, head } = envelope.header;
  const roster = ctx.rosters.of(row.mesh);
  const place = compareHead(roster, head);
  if (place === "ahead" || place === "fork") return undefined;
  const key = roster.signKeyAt(from.member, head.seq);
  if (key === undefined) return undefined;
  try {
    return verifyEnvelope(envelope, key);
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

/** Both heads of a fork belong in front of the person. */
function heads(error: MeshError): string {
  if (error.code !== "roster_fork") return "";
  const { claimed, mine } = (error.detail ?? {}) as Record<string, { hash?: string } | undefined>;
  if (claimed?.hash === undefined || mine?.hash === undefined) return "";
  return ` (theirs ${claimed.hash.slice(0, 16)}, mine ${mine.hash.slice(0, 16)})`;
}

/** The name under which a message claims to come. */
export function senderName(ctx: DeviceContext, { row }: FeedScope, member: MemberId): string {
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh)).get(member);
  return named?.name ?? "an unknown member";
}
