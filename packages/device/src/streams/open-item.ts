import { openStreamItem, verifyStreamItem } from "@claudemesh/crypto";
import { MeshError, type StreamItem } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { fetchKeys } from "../keys/fetch-keys.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { isPrivate, type StreamPlace } from "./stream-place.ts";

/** What is older than this is not live any more, and would be a replay. */
const liveMs = 10 * 60_000;

/** The JSON text of an item that a member signed for this stream; undefined for anything else. What cannot be judged yet is judged after the roster and the keys were fetched. */
export async function openItem(
  ctx: DeviceContext,
  place: StreamPlace,
  client: Client,
  item: StreamItem,
): Promise<string | undefined> {
  if (Math.abs(ctx.now() - item.at) > liveMs) return undefined;
  try {
    return open(ctx, place, item);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    // No key and no entry of the roster makes JSON of it.
    if (error.code === "malformed") return undefined;
  }
  try {
    await syncRoster(ctx.rosters, place.row.mesh, client);
    await fetchKeys(ctx, place.row, { client });
    return open(ctx, place, item);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    ctx.log("info", `an item of stream ${place.name} was not taken: ${error.code}`);
    return undefined;
  }
}

function open(ctx: DeviceContext, place: StreamPlace, item: StreamItem): string {
  const { mesh } = place.row;
  const roster = ctx.rosters.of(mesh);
  const key = roster.isMember(item.member) ? roster.members.get(item.member)?.keys.sign : undefined;
  if (key === undefined) throw new MeshError("not_member", "the item is of nobody in the mesh");
  verifyStreamItem(item, key);
  const text = openStreamItem(item, ctx.rings.of(mesh), isPrivate(ctx, place));
  requireJson(text);
  return text;
}

/** Throws `malformed` for what a program other than this one has published. */
function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new MeshError("malformed", "the item is no JSON", { cause });
  }
}
