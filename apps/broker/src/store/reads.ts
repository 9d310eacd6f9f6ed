import type { MeshId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { LogEntry, StoreReads } from "./port.ts";
import { findAnswer, findApiKey, listApiKeys } from "./queries/api-keys.ts";
import { listBearers, listSpans } from "./queries/audiences.ts";
import { findAuditChain, listAuditOver, listAuditRows } from "./queries/audit.ts";
import { listDevices, listMemberDevices } from "./queries/devices.ts";
import { listGrants } from "./queries/grants.ts";
import { findInvite } from "./queries/invites.ts";
import { listKeyRows } from "./queries/key-rows.ts";
import { listKeyWants } from "./queries/keys.ts";
import { findMesh, findPosition, listMeshes } from "./queries/meshes.ts";
import { findMessages } from "./queries/messages.ts";
import { findLastMigration } from "./queries/migrations.ts";
import { listProfiles } from "./queries/profiles.ts";
import { findRosterLogSeq, listRoster } from "./queries/roster.ts";
import { findSession, listSessionsByKey, listSessionsOf } from "./queries/sessions.ts";
import {
  findTopic,
  findTopicRole,
  listPosts,
  listTopicMembers,
  listTopicPlaces,
  listTopics,
} from "./queries/topics.ts";
import type { Schema } from "./schema.ts";

/** What reads that are written per dialect come to, and where the rest reads. */
export interface ReadSource {
  readonly db: Kysely<Schema>;
  /** a mesh's short number */
  readonly numberOf: (mesh: MeshId) => number | undefined | Promise<number | undefined>;
  /** the log of the mesh of that number */
  readonly log: (
    mesh: number,
    query: Parameters<StoreReads["log"]>[1],
  ) => readonly LogEntry[] | Promise<readonly LogEntry[]>;
}

/** The port's reads. A mesh that does not exist reads as empty. */
export function storeReads({ db, log, numberOf }: ReadSource): StoreReads {
  const within = async <T, E>(mesh: MeshId, empty: E, read: (no: number) => T | Promise<T>) => {
    const found = numberOf(mesh);
    // What is known is not waited for, so that a read begins in the turn in which it was asked for.
    const no = found instanceof Promise ? await found : found;
    return no === undefined ? empty : await read(no);
  };
  return {
    lastMigration: () => findLastMigration(db),
    meshes: () => listMeshes(db),
    mesh: (id) => findMesh(db, id),
    position: (mesh, seq) => findPosition(db, mesh, seq),
    roster: (mesh, after, limit) => within(mesh, [], (no) => listRoster(db, no, after, limit)),
    rosterLogSeq: (mesh, seq) => within(mesh, undefined, (no) => findRosterLogSeq(db, no, seq)),
    spans: (mesh, query) => within(mesh, [], (no) => listSpans(db, no, query)),
    bearers: (mesh, audience, limit) =>
      within(mesh, [], (no) => listBearers(db, no, audience, limit)),
    log: (mesh, query) => within(mesh, [], (no) => log(no, query)),
    auditRows: (mesh, query) => within(mesh, [], (no) => listAuditRows(db, no, query)),
    auditChain: (mesh) =>
      within(mesh, { seq: 0, hash: "" as const, anchor: undefined }, (no) =>
        findAuditChain(db, no),
      ),
    auditOver: (query) => listAuditOver(db, query),
    grants: (mesh) => within(mesh, [], (no) => listGrants(db, no)),
    profiles: (mesh) => within(mesh, [], (no) => listProfiles(db, no)),
    devices: (mesh, member) => within(mesh, [], (no) => listDevices(db, no, member)),
    memberDevices: (mesh, member) => within(mesh, [], (no) => listMemberDevices(db, no, member)),
    session: (mesh, id) => within(mesh, undefined, (no) => findSession(db, no, id)),
    sessionsOf: (mesh, member, device) =>
      within(mesh, [], (no) => listSessionsOf(db, no, { member, device })),
    sessionsByKey: (mesh, query) => within(mesh, [], (no) => listSessionsByKey(db, no, query)),
    keyRows: (mesh, query) => within(mesh, [], (no) => listKeyRows(db, no, query)),
    keyWants: (mesh, limit) => within(mesh, [], (no) => listKeyWants(db, no, limit)),
    message: (mesh, id) => within(mesh, [], (no) => findMessages(db, no, id)),
    topic: (mesh, id) => within(mesh, undefined, (no) => findTopic(db, no, id)),
    topics: (mesh) => within(mesh, [], (no) => listTopics(db, no)),
    topicPlaces: (mesh, member) => within(mesh, new Map(), (no) => listTopicPlaces(db, no, member)),
    topicRole: (mesh, query) => within(mesh, undefined, (no) => findTopicRole(db, no, query)),
    topicMembers: (mesh, id) => within(mesh, [], (no) => listTopicMembers(db, no, id)),
    posts: (mesh, query) => within(mesh, [], (no) => listPosts(db, no, query)),
    apiKeys: (mesh) => within(mesh, [], (no) => listApiKeys(db, no)),
    apiKey: (hash) => findApiKey(db, hash),
    apiAnswer: (query) => within(query.mesh, undefined, (no) => findAnswer(db, no, query)),
    invite: (id) => findInvite(db, id),
  };
}
