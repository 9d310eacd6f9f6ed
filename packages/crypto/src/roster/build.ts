import {
  type EntryOf,
  type Hash,
  type InviteId,
  type MemberKeys,
  MeshError,
  type RosterType,
  type Signature,
} from "@claudemesh/protocol";
import type { Signer } from "../signature.ts";
import { parseEntry, signEntry, type UnsignedEntry } from "./entry.ts";
import type { Roster } from "./roster.ts";

/** Who signs an entry, and the server-corrected time in milliseconds. */
export interface EntryAuthor {
  readonly signer: Signer;
  readonly now: number;
}

export interface GenesisInput {
  readonly name: string;
  readonly keys: MemberKeys;
  /** 32 random bytes, base64url */
  readonly nonce: string;
  /** commitment to K₀ */
  readonly commitment: Hash;
  /** milliseconds since the Unix epoch */
  readonly at: number;
  readonly signer: Signer;
}

/** The signed first entry of a new mesh. Throws `malformed` naming the field. */
export function buildGenesis(input: GenesisInput): EntryOf<"genesis"> {
  const { at, commitment, keys, name, nonce, signer } = input;
  requireOwnKey(keys, signer);
  const body = { commitment, keys, name, nonce };
  const place = { mesh: "", seq: 0, prev: "", author: signer.key, at } as const;
  return signed({ v: 1, ...place, type: "genesis", body }, signer);
}

/** A signed entry that stands right after the roster's head, never dated before it. Whether it may be appended is `check`'s word. */
export function nextEntry<T extends Exclude<RosterType, "genesis">>(
  roster: Roster,
  type: T,
  body: EntryOf<T>["body"],
  { signer, now }: EntryAuthor,
): EntryOf<T> {
  const { head, headAt, mesh } = roster;
  const place = { mesh, seq: head.seq + 1, prev: head.hash, at: Math.max(now, headAt) };
  const entry = { v: 1, ...place, author: signer.key, type, body } as unknown as Omit<
    EntryOf<T>,
    "sig"
  >;
  return signed<EntryOf<T>>(entry, signer);
}

export interface JoinInput extends EntryAuthor {
  readonly keys: MemberKeys;
  readonly invite: InviteId;
  /** the invite key's signature, see `signInviteProof` */
  readonly proof: Signature;
}

/** The signed entry by which the holder of an invite enters. After a conflict it is built again with the same proof. */
export function buildJoin(roster: Roster, input: JoinInput): EntryOf<"join"> {
  const { invite, keys, now, proof, signer } = input;
  requireOwnKey(keys, signer);
  return nextEntry(roster, "join", { invite, keys, proof }, { signer, now });
}

function requireOwnKey(keys: MemberKeys, signer: Signer): void {
  if (keys.sign !== signer.key) {
    throw new MeshError("malformed", "keys.sign: the signer holds another key");
  }
}

function signed<E extends EntryOf<RosterType>>(entry: Omit<E, "sig">, signer: Signer): E {
  return parseEntry(signEntry(entry as unknown as UnsignedEntry, signer)) as E;
}
