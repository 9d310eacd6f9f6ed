import { entryHash } from "@claudemesh/crypto";
import { type Hash, MeshError, type MeshId, type RosterEntry } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Verified entries above `after`, in order. */
export const rosterEntries = (store: HomeStore, mesh: MeshId, after: number): RosterEntry[] =>
  store
    .all<{ body: string }>(
      "SELECT body FROM roster_entry WHERE mesh = ? AND seq > ? ORDER BY seq",
      mesh,
      after,
    )
    .map(({ body }) => JSON.parse(body) as RosterEntry);

/** At most `limit` verified entries above `after`, in order. */
export const rosterStretch = (
  store: HomeStore,
  mesh: MeshId,
  { after, limit }: { readonly after: number; readonly limit: number },
): RosterEntry[] =>
  store
    .all<{ body: string }>(
      "SELECT body FROM roster_entry WHERE mesh = ? AND seq > ? ORDER BY seq LIMIT ?",
      mesh,
      after,
      limit,
    )
    .map(({ body }) => JSON.parse(body) as RosterEntry);

/** One verified entry. */
export function rosterEntryAt(
  store: HomeStore,
  mesh: MeshId,
  seq: number,
): RosterEntry | undefined {
  const row = store.get<{ body: string }>(
    "SELECT body FROM roster_entry WHERE mesh = ? AND seq = ?",
    mesh,
    seq,
  );
  return row && (JSON.parse(row.body) as RosterEntry);
}

/** The seq of the highest verified entry, -1 when there is none. */
export const storedHead = (store: HomeStore, mesh: MeshId): number =>
  store.get<{ seq: number | null }>("SELECT max(seq) AS seq FROM roster_entry WHERE mesh = ?", mesh)
    ?.seq ?? -1;

/** Notes where in the log an entry of the verified chain stands, by the broker's feed. */
export const placeRosterEntry = (
  store: HomeStore,
  mesh: MeshId,
  { seq, logSeq }: { readonly seq: number; readonly logSeq: number },
): number =>
  store.run(
    "UPDATE roster_entry SET log_seq = ? WHERE mesh = ? AND seq = ? AND log_seq IS NULL",
    logSeq,
    mesh,
    seq,
  );

/** The newest entry whose place in the log is known to lie before `logSeq`; 0 when none is. */
export const rosterSeqBefore = (store: HomeStore, mesh: MeshId, logSeq: number): number =>
  store.get<{ seq: number }>(
    `SELECT seq FROM roster_entry WHERE mesh = ? AND log_seq < ? AND log_seq IS NOT NULL
     ORDER BY log_seq DESC LIMIT 1`,
    mesh,
    logSeq,
  )?.seq ?? 0;

/**
 * Stores verified entries; the head only moves forward. Throws `roster_fork` when another process of this home has verified
 * something else in one of the places, and stores nothing then. `hashOf` is for who has taken the hashes already.
 */
export function addRosterEntries(
  store: HomeStore,
  mesh: MeshId,
  entries: readonly RosterEntry[],
  hashOf: (entry: RosterEntry) => Hash = entryHash,
): void {
  store.write(() => {
    for (const entry of entries) {
      const hash = hashOf(entry);
      const known = store.get<{ hash: Hash }>(
        "SELECT hash FROM roster_entry WHERE mesh = ? AND seq = ?",
        mesh,
        entry.seq,
      );
      if (known === undefined) {
        store.run(
          "INSERT INTO roster_entry (mesh, seq, hash, body) VALUES (?, ?, ?, ?)",
          mesh,
          entry.seq,
          hash,
          JSON.stringify(entry),
        );
      } else if (known.hash !== hash) {
        throw new MeshError(
          "roster_fork",
          `the broker showed this home two different entries at place ${entry.seq} of the roster`,
          {
            detail: {
              known: { seq: entry.seq, hash: known.hash },
              claimed: { seq: entry.seq, hash },
            },
          },
        );
      }
    }
  });
}

/** Forgets the entries from `seq` on; part of the caller's transaction. */
export const dropRosterFrom = (store: HomeStore, mesh: MeshId, seq: number): number =>
  store.run("DELETE FROM roster_entry WHERE mesh = ? AND seq >= ?", mesh, seq);
