import type { Audience, MemberId, MeshId, MessageId, SessionId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Which messages count: by when their sender wrote them, both ends included. */
export interface Recent {
  readonly mesh: MeshId;
  /** the sender of what came, or the recipient of what was sent, which may be an audience */
  readonly member: MemberId | Audience;
  readonly from: number;
  readonly until: number;
}

interface Said {
  readonly text: string;
  readonly replyTo: MessageId | null;
  /** to one session alone */
  readonly session: SessionId | null;
  /** to many */
  readonly audience?: Audience | null;
}

interface Found {
  readonly id: MessageId;
  readonly created_at: number;
}

/** A message of the same text in answer to the same, if one came in that time and was neither refused nor of a time that cannot be proven. */
export const sameReceived = (store: HomeStore, at: Recent, said: Said): Found | undefined =>
  store.get<Found>(
    `SELECT id, created_at FROM inbox WHERE mesh = ? AND sender = ? AND created_at BETWEEN ? AND ?
       AND kind NOT IN ('guard', 'void') AND coalesce(guard, '') NOT IN ('refuse', 'undated') AND text = ? AND reply_to IS ? AND to_session IS ?
       AND audience IS ? LIMIT 1`,
    ...[at.mesh, at.member, at.from, at.until, said.text, said.replyTo, said.session],
    said.audience ?? null,
  );

/** A message of the same text in answer to the same, if one was sent in that time and did not fail. */
export const sameSent = (store: HomeStore, at: Recent, said: Said): Found | undefined =>
  store.get<Found>(
    `SELECT id, created_at FROM outbox WHERE mesh = ? AND recipient = ? AND created_at BETWEEN ? AND ?
       AND state NOT IN ('expired', 'refused', 'undeliverable', 'void') AND ends_as IS NULL
       AND text = ? AND reply_to IS ? AND to_session IS ? LIMIT 1`,
    ...[at.mesh, at.member, at.from, at.until, said.text, said.replyTo, said.session],
  );

interface Burst {
  readonly count: number;
  readonly first: number;
}

const none: Burst = { count: 0, first: 0 };

/** How many messages of agents came in that time, and when the first of them was written. */
export const agentsReceived = (store: HomeStore, at: Recent): Burst =>
  store.get<Burst>(
    `SELECT count(*) AS count, coalesce(min(created_at), 0) AS first FROM inbox
     WHERE mesh = ? AND sender = ? AND created_at BETWEEN ? AND ? AND hop IS NOT NULL
       AND kind NOT IN ('guard', 'void') AND coalesce(guard, '') NOT IN ('refuse', 'undated')`,
    ...[at.mesh, at.member, at.from, at.until],
  ) ?? none;

/** How many messages of agents were sent in that time, and when the first of them was written. */
export const agentsSent = (store: HomeStore, at: Recent): Burst =>
  store.get<Burst>(
    `SELECT count(*) AS count, coalesce(min(created_at), 0) AS first FROM outbox
     WHERE mesh = ? AND recipient = ? AND created_at BETWEEN ? AND ? AND hop IS NOT NULL
       AND subtype IS NULL`,
    ...[at.mesh, at.member, at.from, at.until],
  ) ?? none;
