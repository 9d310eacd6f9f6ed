import type { RosterType } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { appendAct } from "../roster-act.ts";

const taken: ReadonlySet<RosterType> = new Set([
  "epoch",
  "rekey",
  "session_revoke",
  "topic_add",
  "topic_key",
  "topic_remove",
]);

/** Entries that no other operation brings: a new mesh key, a member's new keys, the end of a session, who is in a private topic. */
export const append: Handler<"roster.append"> = async ({ entry }, ctx) => {
  if (!taken.has(entry.type)) {
    throw ctx.fail("malformed", `entry.type: a ${entry.type} entry has an operation of its own`);
  }
  const { roster } = await appendAct(ctx, entry);
  return { head: { seq: entry.seq, hash: roster.hashAt(entry.seq) ?? roster.head.hash } };
};
