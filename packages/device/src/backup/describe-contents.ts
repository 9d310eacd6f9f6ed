import type { BackupContents } from "@claudemesh/protocol";

/** What can be said of a backup to its owner. */
export const describeContents = ({
  meshes,
}: BackupContents): { meshes: string[]; messages: number } => ({
  meshes: meshes.map(({ slug }) => slug),
  messages: meshes.reduce(
    (sum, { tables }) => sum + (tables.inbox?.length ?? 0) + (tables.outbox?.length ?? 0),
    0,
  ),
});
