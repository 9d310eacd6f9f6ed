import type { BackupContents, HomeRow } from "@claudemesh/protocol";
import { collectHome } from "../backup/collect-home.ts";
import type { DeviceContext } from "../context.ts";

/** What a linked device gets of each mesh's tables: what was verified, counted and decided, and no messages. */
const linkedTables = [
  "profile",
  "name_seen",
  "received_counter",
  "topic",
  "guard_sender",
  "verified",
  "alias",
  "grants",
] as const;

/** The posts that this device holds stay here: the other fetches those that it wants to read. */
const withoutPosts = (row: HomeRow): HomeRow => ({ ...row, floor: null });

/** This home as a linked device gets it: it reads on where this one is, and what is older is history there. Secret. */
export function linkedHome(ctx: DeviceContext): BackupContents {
  const home = collectHome(ctx, linkedTables);
  const meshes = home.meshes.map((one) => ({
    ...one,
    tables: { ...one.tables, topic: (one.tables.topic ?? []).map(withoutPosts) },
  }));
  return { ...home, meshes };
}
