import type { MeshId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { LogEntry, StoreReads } from "./port.ts";
import { findAnswer, findApiKey, listApiKeys } from "./queries/api-keys.ts";
import { listBearers, listSpans } from "./queries/audiences.ts";
import { findAuditChain, listAuditOver, listAuditRows } from "./queries/audit.ts";
import { findMemberDevice, listDevices, listMemberDevices } from "./queries/devices.ts";
import {
  countFiles,
  findFile,
  findSeal,
  listDownloads,
  listFiles,
  listRecipients,
  sumFiles,
} from "./queries/files.ts";
import { listGrants } from "./queries/grants.ts";
import { findInvite } from "./queries/invites.ts";
import { findJob, findNextDue, listDueJobs, listJobs } from "./queries/jobs.ts";
import { listKeyRows } from "./queries/key-rows.ts";
import { listKeyWants } from "./queries/keys.ts";
import { findMesh, findPosition, listMeshes } from "./queries/meshes.ts";
import { findMessages } from "./queries/messages.ts";
import { findLastMigration } from "./queries/migrations.ts";
import {
  findLastOrder,
  findPresence,
  listNodes,
  listOrders,
  listRevokedApiKeys,
} from "./queries/nodes.ts";
import { listNotifications } from "./queries/notifications.ts";
import { listProfiles } from "./queries/profiles.ts";
import { type FindWords, searchRecords } from "./queries/record-search.ts";
import { countRecords, findRecord, findWritten, listRecords } from "./queries/records.ts";
import { findRosterLogSeq, listRoster } from "./queries/roster.ts";
import { findSession, listSessionsByKey, listSessionsOf } from "./queries/sessions.ts";
import { findStream, listStreams } from "./queries/streams.ts";
import {
  findTopic,
  findTopicRole,
  listPosts,
  listTopicMembers,
  listTopicPlaces,
  listTopics,
} from "./queries/topics.ts";
import { findVaultEntry, listVault } from "./queries/vault.ts";
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
  /** full-text search over shared data */
  readonly findWords: FindWords;
}

/** The port's reads. A mesh that does not exist reads as empty. */
export function storeReads({ db, findWords, log, numberOf }: ReadSource): StoreReads {
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
    record: (mesh, place) => within(mesh, undefined, (no) => findRecord(db, no, place)),
    records: (mesh, query) => within(mesh, [], (no) => listRecords(db, no, query)),
    searchRecords: (mesh, query) =>
      within(mesh, [], (no) => searchRecords(findWords, db, no, query)),
    recordCounts: (mesh, topics) => within(mesh, [], (no) => countRecords(db, no, topics)),
    writtenBefore: (mesh, query) => within(mesh, undefined, (no) => findWritten(db, no, query)),
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
    memberDevice: (mesh, query) => within(mesh, undefined, (no) => findMemberDevice(db, no, query)),
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
    notifications: (mesh, query) => within(mesh, [], (no) => listNotifications(db, no, query)),
    posts: (mesh, query) => within(mesh, [], (no) => listPosts(db, no, query)),
    apiKeys: (mesh) => within(mesh, [], (no) => listApiKeys(db, no)),
    apiKey: (hash) => findApiKey(db, hash),
    apiAnswer: (query) => within(query.mesh, undefined, (no) => findAnswer(db, no, query)),
    streams: (mesh) => within(mesh, [], (no) => listStreams(db, no)),
    stream: (mesh, query) => within(mesh, undefined, (no) => findStream(db, no, query)),
    vaultEntries: (mesh, member) => within(mesh, [], (no) => listVault(db, no, member)),
    vaultEntry: (mesh, query) => within(mesh, undefined, (no) => findVaultEntry(db, no, query)),
    file: (mesh, id) => within(mesh, undefined, (no) => findFile(db, no, id)),
    files: (mesh, query) => within(mesh, [], (no) => listFiles(db, no, query)),
    fileSeal: (mesh, file, member) =>
      within(mesh, undefined, (no) => findSeal(db, no, { file, member })),
    fileRecipients: (mesh, id) => within(mesh, [], (no) => listRecipients(db, no, id)),
    fileDownloads: (mesh, id) => within(mesh, [], (no) => listDownloads(db, no, id)),
    filesSeen: (mesh, query) =>
      within(mesh, { files: 0, bytes: 0 }, (no) => countFiles(db, no, query)),
    fileTotals: (mesh) => within(mesh, { files: 0, bytes: 0 }, (no) => sumFiles(db, no)),
    invite: (id) => findInvite(db, id),
    jobs: (mesh, query) => within(mesh, [], (no) => listJobs(db, no, query)),
    job: (id) => findJob(db, id),
    dueJobs: (query) => listDueJobs(db, query),
    nextDue: (lane) => findNextDue(db, lane),
    nodes: () => listNodes(db),
    presenceOf: (id) => findPresence(db, id),
    orders: (query) => listOrders(db, query),
    lastOrder: () => findLastOrder(db),
    revokedApiKeys: (ids) => listRevokedApiKeys(db, ids),
  };
}
