import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { notRestored } from "../../rosters.ts";

/** Takes back what a restored roster lacks, from whoever has it: every entry is judged by its own signature, place and right. Nothing is taken that was made after the restore. */
export const repeat: Handler<"roster.repeat"> = async ({ mesh, entries }, ctx) => {
  const { caller, rosters, store } = ctx;
  const restored = (await store.read.mesh(mesh))?.restored;
  if (restored === undefined || restored.confirmed) throw notRestored();
  const latest = restored.at + limits.clockSkewMs;
  const late = entries.find(({ at }) => at > latest);
  if (late !== undefined) {
    throw ctx.fail("forbidden", `entries: entry ${late.seq} was made after the restore`);
  }
  let added = 0;
  for (const entry of entries) {
    if (entry.mesh !== mesh) throw ctx.fail("malformed", "entries: one is of another mesh");
    const request = { mesh, entry, connection: caller.connection, write: store.write } as const;
    const { repeated } = await rosters.append({ ...request, restored: "repeats" });
    if (!repeated) added += 1;
  }
  const { head } = await rosters.open(mesh);
  return { head, added };
};
