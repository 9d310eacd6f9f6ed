import {
  type EntryOf,
  type Hash,
  type MemberId,
  MeshError,
  type MeshId,
  parse,
  RosterEntry,
  rosterBodies,
} from "@claudemesh/protocol";
import { domains, hashBytes, type StatementBytes, statementBytes } from "../domain.ts";
import type { JsonValue } from "../jcs.ts";
import { isBytesSignedBy, type Signer, signStatement } from "../signature.ts";

type WithoutSig<E> = E extends RosterEntry ? Omit<E, "sig"> : never;

/** A roster entry before its author has signed it. */
export type UnsignedEntry = WithoutSig<RosterEntry>;

/** What an entry's author signs and its hash is taken of: the domain-separated entry without `sig`. */
function entryBytes(entry: RosterEntry | UnsignedEntry): StatementBytes {
  const { sig: _sig, ...rest } = entry as RosterEntry;
  return statementBytes(domains.roster, rest as unknown as JsonValue);
}

/** The hash that the next entry names as `prev`: SHA-256 of the domain-separated entry without `sig`. */
export const entryHash = (entry: RosterEntry | UnsignedEntry): Hash => hashBytes(entryBytes(entry));

/** As `entryHash`, of an entry that its author has signed; throws `bad_signature` where it has not. */
export function signedHash(entry: RosterEntry): Hash {
  const bytes = entryBytes(entry);
  if (!isBytesSignedBy(entry.author, bytes, entry.sig)) {
    const what = entry.seq === 0 ? "genesis entry" : `${entry.type} entry ${entry.seq}`;
    throw new MeshError("bad_signature", `the signature of the ${what} does not verify`);
  }
  return hashBytes(bytes);
}

/** Adds the author's signature; throws `malformed` when `signer` is not the entry's author. */
export function signEntry<E extends UnsignedEntry>(entry: E, signer: Signer) {
  if (entry.author !== signer.key) {
    throw new MeshError("malformed", "author: the entry names another key than the signer's");
  }
  return signStatement(domains.roster, entry, signer);
}

/** The mesh's id: the hash of its genesis entry. */
export const meshIdOf = (genesis: EntryOf<"genesis">): MeshId =>
  `mesh_${entryHash(genesis)}` as MeshId;

/** The id of the member that `entry` brings in: the hash of that entry. */
export const memberIdOf = (entry: EntryOf<"genesis"> | EntryOf<"join">): MemberId =>
  `mbr_${entryHash(entry)}` as MemberId;

/**
 * Parses an untrusted roster entry. Throws `upgrade_required` for a version or type that this one does not know,
 * since a chain may never be read with a gap, and `malformed` naming the field otherwise.
 */
export function parseEntry(value: unknown): RosterEntry {
  if (typeof value === "object" && value !== null) {
    const { v, type } = value as { v?: unknown; type?: unknown };
    if (typeof v === "number" && v !== 1) {
      throw upgradeRequired(`roster entries of version ${v} are not known here`);
    }
    if (typeof type === "string" && !Object.hasOwn(rosterBodies, type)) {
      throw upgradeRequired(
        `roster entries of type ${JSON.stringify(type.slice(0, 40))} are not known here`,
      );
    }
  }
  return parse(RosterEntry, value, "roster entry");
}

/** What stops a reader of the chain that is older than what the chain contains. */
export const upgradeRequired = (message: string): MeshError =>
  new MeshError("upgrade_required", message, { hint: "upgrade claudemesh on this device" });
