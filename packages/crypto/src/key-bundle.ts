import {
  KeyBundleRow,
  type MemberId,
  MeshError,
  parse,
  type RosterEntry,
} from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import type { Roster } from "./roster/index.ts";
import { requireSigned } from "./signature.ts";

/**
 * Parses an untrusted row and checks that it is of this mesh, for a member, and signed by a member's present key. Whether it holds the key it
 * commits to only its recipient can tell. Throws `malformed`, `not_member`, `bad_signature`.
 */
export function verifyKeyBundleRow(input: unknown, roster: Roster): KeyBundleRow {
  const row = parseRow(input, roster);
  const author = roster.memberByKey(row.author);
  if (author === undefined || roster.signKeyAt(author.id, roster.head.seq) !== row.author) {
    throw new MeshError("not_member", "author: the key bundle row is by no member of the mesh");
  }
  if (!roster.isMember(row.recipient)) {
    throw new MeshError("not_member", "recipient: the key bundle row is for no member of the mesh");
  }
  requireSigned(domains.keyBundle, row, row.author, "key bundle row");
  return row;
}

/** Parses an untrusted row of this mesh; throws `malformed`. */
export function parseRow(input: unknown, roster: Roster): KeyBundleRow {
  const row = parse(KeyBundleRow, input, "key bundle row");
  if (row.mesh !== roster.mesh) {
    throw new MeshError("malformed", "mesh: the key bundle row is of another mesh");
  }
  return row;
}

/** The members that the bundle of an entry must cover when it is appended next, by what starts a key in it: everyone, or everyone in the topic. */
export function bundleRecipients(roster: Roster, entry: Pick<RosterEntry, "type" | "body">) {
  const { body, type } = entry as RosterEntry;
  if (type === "topic_key") return [...(roster.topics.get(body.topic)?.members.keys() ?? [])];
  const removed = type === "remove" && body.epoch !== undefined ? body.member : undefined;
  if (removed === undefined && type !== "epoch" && type !== "rekey") return [];
  return [...roster.members.keys()].filter((id) => id !== removed && roster.isMember(id));
}

/** The commitment to the key that an entry starts; undefined where it starts none. */
export function startedCommitment(entry: RosterEntry) {
  switch (entry.type) {
    case "epoch":
    case "topic_key":
    case "genesis":
      return entry.body.commitment;
    case "rekey":
    case "remove":
      return entry.body.epoch?.commitment;
    default:
      return undefined;
  }
}

/** Who of those that an entry's bundle must cover is not in `covered`, the recipients of verified rows with the entry's commitment. */
export const uncovered = (
  roster: Roster,
  entry: Pick<RosterEntry, "type" | "body">,
  covered: ReadonlySet<MemberId>,
): MemberId[] => bundleRecipients(roster, entry).filter((id) => !covered.has(id));

/** Whether the rows are a whole key bundle of an entry that is to be appended next. Throws what `verifyKeyBundleRow` throws on a bad row. */
export function coversAll(rows: readonly unknown[], roster: Roster, entry: RosterEntry): boolean {
  const commitment = startedCommitment(entry);
  const good = rows.map((row) => verifyKeyBundleRow(row, roster));
  const own = good.filter((row) => row.commitment === commitment);
  return uncovered(roster, entry, new Set(own.map(({ recipient }) => recipient))).length === 0;
}
