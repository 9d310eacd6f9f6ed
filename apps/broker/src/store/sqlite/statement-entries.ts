import type { Audience, Hash, Profile, RosterEntry } from "@claudemesh/protocol";
import type { NewEntry } from "./log.ts";

interface Times {
  readonly at: number;
  readonly expiresAt: number;
}

const everyone = "*" as Audience;

/** The `*` entry that carries a profile statement; its id is the statement's hash. */
export const profileEntry = (
  { statement, hash }: { readonly statement: Profile; readonly hash: Hash },
  { at, expiresAt }: Times,
): NewEntry => ({
  id: hash,
  kind: "profile",
  sender: statement.member,
  audience: everyone,
  at,
  expiresAt,
  body: JSON.stringify(statement),
});

/** The `*` entry that carries a roster entry; its id is the entry's hash. A roster entry names a key, not a member, so there is no sender. */
export const rosterEntry = (
  { entry, hash }: { readonly entry: RosterEntry; readonly hash: Hash },
  { at, expiresAt }: Times,
): NewEntry => ({
  id: hash,
  kind: "roster",
  sender: null,
  audience: everyone,
  at,
  expiresAt,
  body: JSON.stringify(entry),
});
