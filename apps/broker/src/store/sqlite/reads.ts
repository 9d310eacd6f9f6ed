import type { DatabaseSync } from "node:sqlite";
import type { MeshId } from "@claudemesh/protocol";
import type { StoreReads } from "../port.ts";
import { listDevices } from "../queries/devices.ts";
import { findInvite } from "../queries/invites.ts";
import { findMesh, findPosition, listMeshes } from "../queries/meshes.ts";
import { findMessages } from "../queries/messages.ts";
import { listProfiles } from "../queries/profiles.ts";
import { findRosterLogSeq, listRoster } from "../queries/roster.ts";
import { findSession, listSessionsByKey, listSessionsOf } from "../queries/sessions.ts";
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
    log: (mesh, query) => within(mesh, [], (no) => log.read(no, query)),
    profiles: (mesh) => within(mesh, [], (no) => listProfiles(db, no)),
    devices: (mesh, member) => within(mesh, [], (no) => listDevices(db, no, member)),
    session: (mesh, id) => within(mesh, undefined, (no) => findSession(db, no, id)),
    sessionsOf: (mesh, member, device) =>
      within(mesh, [], (no) => listSessionsOf(db, no, { member, device })),
    sessionsByKey: (mesh, query) => within(mesh, [], (no) => listSessionsByKey(db, no, query)),
    message: (mesh, id) => within(mesh, [], (no) => findMessages(db, no, id)),
    invite: (id) => findInvite(db, id),
  };
}
