import {
  type Audience,
  everyone,
  type Hash,
  type Profile,
  type RosterEntry,
  type Topic,
  type TopicRole,
} from "@claudemesh/protocol";
import type { NewEntry } from "./log-appender.ts";

interface Times {
  readonly at: number;
  readonly expiresAt: number;
}

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

interface ToldTopic {
  readonly statement: Topic;
  readonly hash: Hash;
  readonly role?: TopicRole | null;
  readonly members?: number;
}

/** The entry that tells what a topic is, to one member's devices its role there from now on, and how many are in it; its id is the statement's hash. */
export const topicEntry = (
  { statement, hash, role, members }: ToldTopic,
  audience: Audience,
  { at, expiresAt }: Times,
): NewEntry => ({
  id: hash,
  kind: "topic",
  sender: null,
  audience,
  at,
  expiresAt,
  body: JSON.stringify({ topic: statement, role, members }),
});
