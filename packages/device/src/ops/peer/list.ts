import { nouns, type Peer } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { cachedRead } from "../cached-read.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** Live connections of the other members, under their verified names. */
export const list: DeviceHandler<"peer.list"> = async ({ mesh }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const { answer, ageMs } = await cachedRead(ctx, row, nouns.peer.list.name, async (link) => {
    const said = await link.client.peer.list({});
    await refreshMembers(ctx, row, link);
    return said.items;
  });
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  const items: Peer[] = [];
  for (const { member, type, connectedAt } of answer) {
    const who = named.get(member);
    if (member === row.member || who === undefined || !who.current) continue;
    const sharesKeyWith = answer.filter((other) => other.member === member).length - 1;
    const { name, keyHex } = who;
    items.push({
      member,
      name,
      key: keyHex.slice(0, 16),
      type,
      status: "idle",
      connectedAt,
      sharesKeyWith,
    });
  }
  return { items, ageMs };
};
