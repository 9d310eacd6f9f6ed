import type { DeviceId, MemberId, MeshId, SignKey } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** One mesh that this home is in. */
export interface MembershipRow {
  readonly mesh: MeshId;
  readonly broker: string;
  readonly member: MemberId;
  readonly generation: number;
  /** set for the founder, whose keys are bound to the genesis nonce */
  readonly founder_nonce: string | null;
  readonly sign_key: SignKey;
  readonly device: DeviceId;
  readonly slug: string;
  readonly display_name: string;
  readonly joined_at: number;
  readonly cursor: string | null;
  readonly used_at: number;
  readonly feed_live: number;
  /** the epoch of the broker's log when it was last dialled; null before the first time */
  readonly log_epoch: string | null;
  /** 1 while what this member said of itself is to be said to a restored broker again */
  readonly restate: number;
}

export type NewMembership = Omit<MembershipRow, "cursor" | "feed_live" | "log_epoch" | "restate">;

/** Every membership, the oldest first. */
export const listMemberships = (store: HomeStore): MembershipRow[] =>
  store.all<MembershipRow>("SELECT * FROM membership ORDER BY joined_at, mesh");

export const getMembership = (store: HomeStore, mesh: MeshId): MembershipRow | undefined =>
  store.get<MembershipRow>("SELECT * FROM membership WHERE mesh = ?", mesh);

/** Part of the caller's transaction. */
export function addMembership(store: HomeStore, row: NewMembership): void {
  store.run(
    `INSERT INTO membership (mesh, broker, member, generation, founder_nonce, sign_key, device, slug,
       display_name, joined_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.mesh,
    row.broker,
    row.member,
    row.generation,
    row.founder_nonce,
    row.sign_key,
    row.device,
    row.slug,
    row.display_name,
    row.joined_at,
    row.used_at,
  );
  useGeneration(store, row.mesh, row.generation);
}

/** Remembers which mesh a verb spoke of last. */
export const markUsed = (store: HomeStore, mesh: MeshId, at: number): number =>
  store.run("UPDATE membership SET used_at = ? WHERE mesh = ?", at, mesh);

export const setSlug = (store: HomeStore, mesh: MeshId, slug: string): number =>
  store.run("UPDATE membership SET slug = ? WHERE mesh = ? AND slug <> ?", slug, mesh, slug);

export const setDisplayName = (store: HomeStore, mesh: MeshId, name: string): number =>
  store.run("UPDATE membership SET display_name = ? WHERE mesh = ?", name, mesh);

export const setBroker = (store: HomeStore, mesh: MeshId, url: string): number =>
  store.run("UPDATE membership SET broker = ? WHERE mesh = ?", url, mesh);

/** The member's keys are others from now on. */
export const setSignKey = (store: HomeStore, mesh: MeshId, key: SignKey): number =>
  store.run("UPDATE membership SET sign_key = ? WHERE mesh = ?", key, mesh);

export const setCursor = (store: HomeStore, mesh: MeshId, cursor: string): number =>
  store.run("UPDATE membership SET cursor = ? WHERE mesh = ?", cursor, mesh);

/** Forgets how far the feed was read; answers 0 when nothing was known. */
export const forgetCursor = (store: HomeStore, mesh: MeshId): number =>
  store.run("UPDATE membership SET cursor = NULL WHERE mesh = ? AND cursor IS NOT NULL", mesh);

/** Whether some process keeps the local copy of the feed current. */
export const setFeedLive = (store: HomeStore, mesh: MeshId, live: boolean): number =>
  store.run("UPDATE membership SET feed_live = ? WHERE mesh = ?", live ? 1 : 0, mesh);

/** The generation whose keys were never used in this mesh. */
export const nextGeneration = (store: HomeStore, mesh: MeshId): number =>
  store.get<{ next: number }>("SELECT next FROM key_generation WHERE mesh = ?", mesh)?.next ?? 0;

function useGeneration(store: HomeStore, mesh: MeshId, generation: number): void {
  store.run(
    `INSERT INTO key_generation (mesh, next) VALUES (?, ?)
     ON CONFLICT (mesh) DO UPDATE SET next = max(next, excluded.next)`,
    mesh,
    generation + 1,
  );
}

const meshTables = [
  "membership",
  "pending_join",
  "presence_in_mesh",
  "ring",
  "topic_ring",
  "key_asked",
  "roster_checkpoint",
  "roster_entry",
  "roster_vouched",
  "profile",
  "name_seen",
  "invite_made",
  "outbox",
  "sent_counter",
  "inbox",
  "received_counter",
  "gap",
  "awaiting",
  "notice",
  "receipt_due",
  "receipt_out",
  "receipt_in",
  "session",
  "story",
  "cache",
  "guard_sender",
  "guard_thread",
  "notification",
  "post_change",
  "post_closed",
  "topic",
  "verified",
  "alias",
  "grants",
  "own_device",
] as const;

/** Removes everything of a mesh but the number of key generations used, so that a return takes new keys. */
export function forgetMesh(store: HomeStore, mesh: MeshId): void {
  store.write(() => {
    store.run(
      "DELETE FROM outbox_reader WHERE message IN (SELECT id FROM outbox WHERE mesh = ?)",
      mesh,
    );
    for (const table of meshTables) store.run(`DELETE FROM ${table} WHERE mesh = ?`, mesh);
  });
}
