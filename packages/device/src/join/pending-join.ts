import type {
  DeviceId,
  EntryOf,
  InviteId,
  MeshId,
  Profile,
  RosterEntry,
} from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";

/** A join that was or is about to be sent, with everything needed to repeat and finish it. */
export interface PendingJoin {
  readonly mesh: MeshId;
  readonly invite: InviteId;
  readonly broker: string;
  readonly generation: number;
  readonly device: DeviceId;
  readonly entry: EntryOf<"join">;
  readonly profile: Profile;
  /** the verified entries before `entry` */
  readonly chain: readonly RosterEntry[];
  readonly created_at: number;
}

type Row = {
  [K in keyof PendingJoin]: PendingJoin[K] extends string | number ? PendingJoin[K] : string;
};

/** Stores a join durably; it replaces an earlier one to the same mesh. */
export const savePending = (store: HomeStore, join: PendingJoin): number =>
  store.write(() =>
    store.run(
      `INSERT OR REPLACE INTO pending_join (mesh, invite, broker, generation, device, entry, profile, chain, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      join.mesh,
      join.invite,
      join.broker,
      join.generation,
      join.device,
      JSON.stringify(join.entry),
      JSON.stringify(join.profile),
      JSON.stringify(join.chain),
      join.created_at,
    ),
  );

export function pendingByInvite(store: HomeStore, invite: InviteId): PendingJoin | undefined {
  const row = store.get<Row>("SELECT * FROM pending_join WHERE invite = ?", invite);
  if (row === undefined) return undefined;
  return {
    ...row,
    entry: JSON.parse(row.entry) as EntryOf<"join">,
    profile: JSON.parse(row.profile) as Profile,
    chain: JSON.parse(row.chain) as RosterEntry[],
  };
}
