import type { MeshId, Topic, TopicId, TopicRole, TopicVisibility } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A topic as this home knows it. */
export interface TopicRow {
  readonly mesh: MeshId;
  readonly topic: TopicId;
  readonly name: string;
  readonly visibility: TopicVisibility;
  /** the newest verified statement; null for #general */
  readonly statement: string | null;
  readonly ended: number;
  /** this member's role in a public one, by the broker's word; null where it is not in it */
  readonly role: TopicRole | null;
  readonly members: number;
  /** from which seq on every post that there is lies here; null where that is not known */
  readonly floor: number | null;
  /** up to which seq it was read */
  readonly marker: number;
}

export const topicRow = (store: HomeStore, mesh: MeshId, topic: TopicId): TopicRow | undefined =>
  store.get<TopicRow>("SELECT * FROM topic WHERE mesh = ? AND topic = ?", mesh, topic);

/** The topics that were not deleted. */
export const topicRows = (store: HomeStore, mesh: MeshId): TopicRow[] =>
  store.all<TopicRow>("SELECT * FROM topic WHERE mesh = ? AND ended = 0 ORDER BY name", mesh);

/** Those of a name: at most a public and a private one. */
export const topicsNamed = (store: HomeStore, mesh: MeshId, name: string): TopicRow[] =>
  store.all<TopicRow>(
    "SELECT * FROM topic WHERE mesh = ? AND name = ? AND ended = 0 ORDER BY visibility",
    mesh,
    name,
  );

/** Keeps a statement that was verified and may follow what is there. */
export const putTopicRow = (store: HomeStore, statement: Topic): number =>
  store.run(
    `INSERT INTO topic (mesh, topic, name, visibility, statement, ended) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (mesh, topic) DO UPDATE SET statement = excluded.statement, ended = excluded.ended`,
    statement.mesh,
    statement.topic,
    statement.name,
    statement.visibility,
    JSON.stringify(statement),
    statement.ended ? 1 : 0,
  );

/** Makes sure that #general is there. */
export const addGeneral = (store: HomeStore, mesh: MeshId, topic: TopicId, name: string): number =>
  store.run(
    `INSERT INTO topic (mesh, topic, name, visibility) VALUES (?, ?, ?, 'public')
     ON CONFLICT DO NOTHING`,
    mesh,
    topic,
    name,
  );

/** Notes this member's place in a topic. Out of it, nobody tells this home of new posts, so that what lies here is not all that there is. */
export const placeInTopic = (
  store: HomeStore,
  { mesh, topic }: { readonly mesh: MeshId; readonly topic: TopicId },
  role: TopicRole | null,
): number =>
  store.run(
    `UPDATE topic SET role = ?, floor = CASE WHEN ? IS NULL OR role IS NULL THEN NULL ELSE floor END
     WHERE mesh = ? AND topic = ?`,
    role,
    role,
    mesh,
    topic,
  );

/** What the broker last said of a topic besides. */
export const noteTopic = (
  store: HomeStore,
  { mesh, topic }: { readonly mesh: MeshId; readonly topic: TopicId },
  { members, readSeq }: { readonly members: number; readonly readSeq: number },
): number =>
  store.run(
    "UPDATE topic SET members = ?, marker = max(marker, ?) WHERE mesh = ? AND topic = ?",
    members,
    readSeq,
    mesh,
    topic,
  );

export const setFloor = (
  store: HomeStore,
  { mesh, topic }: Pick<TopicRow, "mesh" | "topic">,
  floor: number,
): number =>
  store.run("UPDATE topic SET floor = ? WHERE mesh = ? AND topic = ?", floor, mesh, topic);

/** Nobody told this home what was posted while its member was out of the mesh, so that what lies here is not all that there is. */
export const forgetFloors = (store: HomeStore, mesh: MeshId): number =>
  store.run("UPDATE topic SET floor = NULL WHERE mesh = ?", mesh);

export const moveMarker = (
  store: HomeStore,
  { mesh, topic }: Pick<TopicRow, "mesh" | "topic">,
  seq: number,
): number =>
  store.run(
    "UPDATE topic SET marker = max(marker, ?) WHERE mesh = ? AND topic = ?",
    seq,
    mesh,
    topic,
  );
