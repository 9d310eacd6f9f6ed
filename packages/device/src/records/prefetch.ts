import { type MeshId, type MeshRecord, nouns, TaskStatus } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { getMembership } from "../store/memberships.ts";
import { recordsReadAt } from "../store/record-rows.ts";
import { readRecords } from "./read-records.ts";

/** records of each noun that are fetched before anybody asks */
const limit = 100;

interface Items {
  readonly items: readonly { readonly record?: MeshRecord | undefined }[];
}

/**
 * Fetches, where that was never done, what a session that starts is told of a mesh: from then on the feed tells what changes. What fails is fetched with the next connection.
 */
export function prefetchRecords(ctx: DeviceContext, mesh: MeshId): void {
  const row = getMembership(ctx.store, mesh);
  if (row === undefined || recordsReadAt(ctx.store, mesh, "context") !== undefined) return;
  const read = async () => {
    const of = ({ items }: Items) => items.flatMap(({ record }) => record ?? []);
    const never = () => false;
    const status = TaskStatus.enum.open;
    await readRecords(ctx, row, "state", async (c) => of(await c.state.list({ limit })), never);
    await readRecords(ctx, row, "memory", async (c) => of(await c.memory.list({ limit })), never);
    await readRecords(
      ctx,
      row,
      "task",
      async (c) => of(await c.task.list({ limit, status })),
      never,
    );
    await readRecords(ctx, row, "context", async (c) => of(await c.context.list({ limit })), never);
  };
  read().catch((cause) =>
    ctx.log("warn", `${nouns.context.list.name}: what the mesh shares was not fetched: ${cause}`),
  );
}
