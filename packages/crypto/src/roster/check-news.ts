import { type EntryOf, type Epoch, type Hash, MeshError } from "@claudemesh/protocol";
import { inviteIdOf } from "../invite-proof.ts";
import { checkRekey } from "./check-keys.ts";
import type { ActEntry } from "./may-append.ts";
import type { Member } from "./member.ts";
import type { RosterState } from "./state.ts";

/** That an allowed entry says something that holds together and is not in the roster yet. */
export function checkNews(state: RosterState, entry: ActEntry, author: Member): void {
  switch (entry.type) {
    case "epoch":
      checkEpoch(state, entry.body);
      break;
    case "invite":
      checkInvite(state, entry);
      break;
    case "invite_revoke":
      if (!state.invites.get(entry.body.invite)?.revoked) break;
      throw new MeshError("revoked", `invite ${entry.body.invite} was revoked already`);
    case "rekey":
      checkEpoch(state, entry.body.epoch);
      checkRekey(state, entry);
      break;
    case "remove":
      checkRemove(state, entry, author);
      break;
    case "session_revoke":
      if (!state.revokedSessions.get(author.id)?.has(entry.body.session)) break;
      throw new MeshError("revoked", `session ${entry.body.session} was revoked already`);
    case "topic_add":
      checkTopicAdd(state, entry);
      break;
    case "topic_key":
      checkTopicKey(state, entry);
      break;
    case "policy":
    case "restore":
    case "role":
    case "topic_remove":
      break;
  }
}

/** A removal of another takes the keys away too; of oneself it cannot, since one would know the next. */
function checkRemove(state: RosterState, { body }: EntryOf<"remove">, author: Member): void {
  const isOwn = body.member === author.id;
  if (isOwn && body.epoch !== undefined) {
    throw new MeshError("malformed", "epoch: one who leaves does not start an epoch");
  }
  if (isOwn) return;
  if (body.epoch === undefined) {
    throw new MeshError("malformed", "epoch: the removal of another starts the next one");
  }
  checkEpoch(state, body.epoch);
}

function checkEpoch(state: RosterState, { number, commitment }: Epoch): void {
  const next = state.epochs.newest.number + 1;
  if (number !== next) {
    throw new MeshError("malformed", `number: the next epoch is ${next}, not ${number}`);
  }
  requireNewCommitment(state, commitment);
}

function requireNewCommitment(state: RosterState, commitment: Hash): void {
  if (state.epochs.placeOf(commitment) === undefined) return;
  throw new MeshError("exists", "commitment: the roster has a key with it already");
}

function checkInvite(state: RosterState, { body: { invite, key } }: EntryOf<"invite">): void {
  if (invite !== inviteIdOf(key)) {
    throw new MeshError("malformed", "invite: the id is not that of the invite's key");
  }
  if (state.invites.has(invite)) {
    throw new MeshError("exists", `invite ${invite} is in the roster already`);
  }
}

function checkTopicAdd(state: RosterState, { body }: EntryOf<"topic_add">): void {
  const { member, role, topic } = body;
  if (state.topics.get(topic)?.members.get(member) === role) {
    throw new MeshError("exists", `${member} is ${role} of the topic already`);
  }
}

/** The first append of a version wins, as every entry has one predecessor. */
function checkTopicKey(state: RosterState, { body }: EntryOf<"topic_key">): void {
  const next = (state.topics.get(body.topic)?.version ?? 0) + 1;
  if (body.version !== next) {
    const message = `version: the topic's next key has version ${next}, not ${body.version}`;
    throw new MeshError("malformed", message);
  }
  requireNewCommitment(state, body.commitment);
}
