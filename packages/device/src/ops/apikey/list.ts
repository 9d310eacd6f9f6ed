import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { topicName } from "../../topics/topic-name.ts";
import { askedMesh } from "../target-mesh.ts";

/** The mesh's keys by the broker's word, with topics and owners by name. */
export const list: DeviceHandler<"apikey.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { items } = await ctx.links.using(row, ({ client }) => client.apikey.list({}));
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  return {
    items: items.map(({ topics, ...item }) => ({
      ...item,
      by: named.get(item.owner)?.name ?? item.owner,
      ...(topics === undefined
        ? {}
        : { topics: topics.map((one) => topicName(ctx.store, row.mesh, one)) }),
    })),
  };
};
