import { type EntryOf, type Hash, MeshError, type RosterEntry } from "@claudemesh/protocol";
import { verifyInviteProof } from "../invite-proof.ts";
import { requireNewKeys, requireSealable } from "./check-keys.ts";
import { checkNews } from "./check-news.ts";
import { signedHash } from "./entry.ts";
import { type ActEntry, mayAppend } from "./may-append.ts";
import type { RosterState } from "./state.ts";

/** How an entry came: `offered` by its author to be appended, or `published` as part of the chain. */
export type Origin = "offered" | "published";

/** Checks a genesis entry by itself and returns its hash. Throws `malformed` or `bad_signature`. */
export function checkGenesis(entry: RosterEntry): Hash {
  if (entry.type !== "genesis") {
    throw new MeshError("malformed", `type: a chain begins with genesis, not ${entry.type}`);
  }
  if (entry.seq !== 0) throw new MeshError("malformed", "seq: must be 0 in genesis");
  if (entry.prev !== "") throw new MeshError("malformed", "prev: must be empty in genesis");
  if (entry.mesh !== "") throw new MeshError("malformed", "mesh: must be empty in genesis");
  if (entry.author !== entry.body.keys.sign) {
    throw new MeshError("malformed", "author: the genesis is not by the owner's signing key");
  }
  requireSealable(entry.body.keys);
  return signedHash(entry);
}

/** Checks that `entry` may come next and returns its hash; changes nothing. */
export function checkEntry(state: RosterState, entry: RosterEntry, origin: Origin): Hash {
  if (entry.type === "genesis" || entry.seq === 0 || entry.prev === "") {
    const message = `entry ${entry.seq}: only the first entry is a genesis, with seq 0 and no prev`;
    throw new MeshError("malformed", message);
  }
  if (entry.mesh !== state.mesh) {
    throw new MeshError("malformed", `mesh: entry ${entry.seq} is of another mesh`);
  }
  const hash = signedHash(entry);
  checkPlace(state, entry, hash, origin);
  if (entry.at < state.headAt) {
    throw new MeshError("malformed", `at: entry ${entry.seq} is older than the one before it`);
  }
  if (entry.type === "join") checkJoin(state, entry);
  else checkAct(state, entry);
  return hash;
}

function checkPlace(state: RosterState, entry: RosterEntry, hash: Hash, origin: Origin): void {
  const { head, hashes } = state;
  const { seq, prev } = entry;
  if (seq > head.seq + 1) {
    throw conflict(state, `entry ${seq} leaves a gap: the roster's head is ${head.seq}`);
  }
  if (hashes[seq] === hash) throw conflict(state, `entry ${seq} is in the roster already`);
  const before = hashes[seq - 1];
  if (prev !== before) throw fork(seq - 1, before, prev);
  if (seq <= head.seq) {
    if (origin === "published") throw fork(seq, hashes[seq], hash);
    throw conflict(state, `entry ${seq} is not next: the roster's head is ${head.seq}`);
  }
}

const conflict = (state: RosterState, message: string): MeshError =>
  new MeshError("roster_conflict", message, { detail: { head: state.head } });

/** Two different hashes for one place in the chain; `known` is the verified one. */
export const fork = (seq: number, known: string | undefined, claimed: string): MeshError =>
  new MeshError("roster_fork", `two different entries claim place ${seq} of the roster`, {
    detail: { known: { seq, hash: known }, claimed: { seq, hash: claimed } },
  });

function checkJoin(state: RosterState, entry: EntryOf<"join">): void {
  const { invite: id, keys, proof } = entry.body;
  if (entry.author !== keys.sign) {
    throw new MeshError("malformed", "author: the join is not by the new member's signing key");
  }
  requireNewKeys(state, keys, "the join");
  const invite = state.invites.get(id);
  if (invite === undefined) throw new MeshError("not_found", `there is no invite ${id}`);
  verifyInviteProof({ mesh: state.mesh, invite: id, keys }, proof, invite.key);
  if (invite.revoked) throw new MeshError("revoked", `invite ${id} was revoked`);
  if (invite.void) {
    const message = `invite ${id} ended when one who made it or joined by it was removed or demoted`;
    throw new MeshError("revoked", message);
  }
  if (invite.used >= invite.uses) {
    throw new MeshError("exhausted", `invite ${id} has no uses left`);
  }
}

function checkAct(state: RosterState, entry: ActEntry): void {
  const author = state.memberByKey(entry.author);
  if (author === undefined || author.removedSeq !== undefined) {
    const message = `the author of ${entry.type} entry ${entry.seq} is not a member of the mesh`;
    throw new MeshError("not_member", message);
  }
  if (author.keys.sign !== entry.author) {
    const message = `the author of ${entry.type} entry ${entry.seq} has other keys since entry ${author.rekeyedSeq}`;
    throw new MeshError("not_member", message);
  }
  const refusal = mayAppend(state, entry);
  if (refusal !== undefined) {
    throw new MeshError(refusal.code, refusal.message, { detail: { reason: refusal.reason } });
  }
  checkNews(state, entry, author);
}
