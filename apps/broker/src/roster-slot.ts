import type { Roster } from "@claudemesh/crypto/verify";
import { type MemberId, MeshError, type RosterEntry } from "@claudemesh/protocol";
import type { Act, RosterTurns } from "./roster-turns.ts";

/** One mesh's verified chain with its queue of writers. */
export interface RosterSlot {
  readonly roster: Roster;
  readonly turns: RosterTurns;
  /** appends go through one after the other */
  lane: Promise<void>;
  /** a look at the store that is under way */
  refreshing: Promise<void> | undefined;
  /** acts under way; a busy slot stays in memory */
  busy: number;
}

/** Runs `work` after everything that was given before it. */
export async function inLane<T>(slot: RosterSlot, work: () => Promise<T>): Promise<T> {
  const before = slot.lane;
  const own = Promise.withResolvers<void>();
  slot.lane = own.promise;
  await before;
  try {
    return await work();
  } finally {
    own.resolve();
  }
}

const revoking: ReadonlySet<RosterEntry["type"]> = new Set([
  "epoch",
  "invite_revoke",
  "rekey",
  "remove",
  "session_revoke",
]);

/** Whose place an entry takes in the queue. What takes someone's access away must not wait behind others; a joiner, who may be a stranger, waits behind members. */
export function placeOf(entry: RosterEntry): Pick<Act, "author" | "rank"> {
  if (entry.type === "join") return { author: entry.body.invite, rank: "join" };
  return { author: entry.author, rank: revoking.has(entry.type) ? "urgent" : "member" };
}

/** Whether an entry makes senders' older heads stale: removal of another, rekey, epoch. */
export function isBarrier(entry: RosterEntry, author: MemberId | undefined): boolean {
  if (entry.type === "rekey" || entry.type === "epoch") return true;
  return entry.type === "remove" && entry.body.member !== author;
}

/** Whether a refusal means that the entry stands on another tail than ours, so that its author must look at what is new. */
export const standsElsewhere = (error: unknown): boolean =>
  error instanceof MeshError && (error.code === "roster_conflict" || error.code === "roster_fork");
