import type { DatabaseSync } from "node:sqlite";
import type { MeshId } from "@claudemesh/protocol";
import type { StoreReads } from "../port.ts";
import { listBearers, listSpans } from "../queries/audiences.ts";
import { listDevices } from "../queries/devices.ts";
import { listGrants } from "../queries/grants.ts";
import { findInvite } from "../queries/invites.ts";
import { listKeyRows } from "../queries/key-rows.ts";
import { listKeyWants } from "../queries/keys.ts";
import { findMesh, findPosition, listMeshes } from "../queries/meshes.ts";
import { findMessages } from "../queries/messages.ts";
import { listProfiles } from "../queries/profiles.ts";
import { findRosterLogSeq, listRoster } from "../queries/roster.ts";
import { findSession, listSessionsByKey, listSessionsOf } from "../queries/sessions.ts";
import {
  findTopic,
  findTopicRole,
  listPosts,
  listTopicMembers,
  listTopicPlaces,
  listTopics,
} from "../queries/topics.ts";
import { kyselyOver } from "./kysely-adapter.ts";
import { LogReader, MeshNumbers } from "./log-reader.ts";

/** The port's reads over a reading connection. A mesh that does not exist reads as empty. */
export function sqliteReads(connection: DatabaseSync): StoreReads {
  const db = kyselyOver(connection);
  const log = new LogReader(connection);
  const numbers = new MeshNumbers(connection);
  const within = async <T, E>(mesh: MeshId, empty: E, read: (no: number) => T | Promise<T>) => {
    const no = numbers.of(mesh);
    return no === undefined ? empty : await read(no);
  };
  return {
    meshes: () => listMeshes(db),
    mesh: (id) => findMesh(db, id),
    position: (mesh, seq) => findPosition(db, mesh, seq),
    roster: (mesh, after, limit) => within(mesh, [], (no) => listRoster(db, no, after, limit)),
    rosterLogSeq: (mesh, seq) => within(mesh, undefined, (no) => findRosterLogSeq(db, no, seq)),
    spans: (mesh, query) => within(mesh, [], (no) => listSpans(db, no, query)),
    bearers: (mesh, audience, limit) =>
      within(mesh, [], (no) => listBearers(db, no, audience, limit)),
    log: (mesh, query) => within(mesh, [], (no) => log.read(no, query)),
    grants: (mesh) => within(mesh, [], (no) => listGrants(db, no)),
    profiles: (mesh) => within(mesh, [], (no) => listProfiles(db, no)),
    devices: (mesh, member) => within(mesh, [], (no) => listDevices(db, no, member)),
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
    invite: (id) => findInvite(db, id),
  };
}
