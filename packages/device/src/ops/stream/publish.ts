import { limits, MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { syncRoster } from "../../mesh-link/sync-roster.ts";
import { placeOf } from "../../streams/stream-place.ts";
import { targetMesh } from "../target-mesh.ts";

/** Seals JSON under the key of the mesh or topic, signs it, and has it handed to who listens. Nobody listening is no error. */
export const publish: DeviceHandler<"stream.publish"> = async ({ mesh, data, ...named }, ctx) => {
  const text = jsonOf(data);
  if (Buffer.byteLength(text) > limits.streamBytes) {
    throw new MeshError("too_large", `data: over ${limits.streamBytes} bytes`);
  }
  const row = targetMesh(ctx, mesh);
  const place = await placeOf(ctx, row, named);
  return await ctx.links.using(row, async (link) => {
    // Who was removed a moment ago is not to read this.
    await syncRoster(ctx.rosters, row.mesh, link.client);
    const item = ctx.publishing.seal(ctx, place, link, text);
    await link.client.stream.publish({ item });
    return { name: place.name, at: item.at };
  });
};

/** What is no JSON is a text. */
function jsonOf(data: string): string {
  try {
    return JSON.stringify(JSON.parse(data));
  } catch {
    return JSON.stringify(data);
  }
}
