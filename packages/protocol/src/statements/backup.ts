import { z } from "zod";
import { At, bytes, SignKey } from "../bytes.ts";
import { MemberId, MeshId } from "../ids.ts";
import { KeyRingContents } from "./key-ring.ts";
import { RosterEntry } from "./roster.ts";

/** A stored value of a home, as SQLite has it. */
const Cell = z.union([z.string(), z.number(), z.null()]);

/** One row of a home's table, by column. */
export const HomeRow = z.record(z.string().regex(/^[a-z_]{1,40}$/), Cell);
export type HomeRow = z.infer<typeof HomeRow>;

/** One mesh of a home: who one is there, the verified chain, the keys, and what the home's tables hold of it. */
export const MeshBackup = z.strictObject({
  mesh: MeshId,
  broker: z.url().max(2_000),
  member: MemberId,
  generation: z.int().min(0),
  founderNonce: bytes(32, "genesis nonce").nullable(),
  signKey: SignKey,
  slug: z.string().max(100),
  displayName: z.string().max(64),
  joinedAt: At,
  cursor: z.string().max(2_000).nullable().describe("how far the feed was read"),
  roster: z.array(RosterEntry).min(1).describe("the verified chain, from genesis"),
  places: z
    .array(z.strictObject({ seq: z.int().min(0), logSeq: z.int().min(0) }))
    .describe("where entries of the chain stand in the log, as far as that was seen"),
  ring: KeyRingContents,
  tables: z.record(z.string().regex(/^[a-z_]{1,40}$/), z.array(HomeRow)),
});
export type MeshBackup = z.infer<typeof MeshBackup>;

/** Everything that brings a member back on another machine. Secret: it leaves a device sealed only. */
export const BackupContents = z.strictObject({
  v: z.literal(1),
  at: At,
  seed: bytes(32, "identity seed"),
  earlier: z
    .array(bytes(32, "identity seed"))
    .max(100)
    .optional()
    .describe("seeds before it, the newest first: what was sealed to their keys opens with them"),
  generations: z.array(z.strictObject({ mesh: MeshId, next: z.int().min(0) })).max(100_000),
  meshes: z.array(MeshBackup).max(10_000),
});
export type BackupContents = z.infer<typeof BackupContents>;
