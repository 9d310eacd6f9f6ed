import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { placeOf } from "../../streams/stream-place.ts";
import { askedMesh } from "../target-mesh.ts";

/** Has what comes over a stream pushed into the agent session that asks, as long as it lives. */
export const subscribe: DeviceHandler<"stream.subscribe"> = async ({ mesh, ...named }, ctx) => {
  const agentSession = requireSession(ctx);
  const place = await placeOf(ctx, askedMesh(ctx, mesh), named);
  await ctx.listening.push(place, agentSession);
  return { name: place.name };
};

/** Throws `malformed` where no agent asks. */
export function requireSession({ agentSession }: DeviceContext): string {
  if (agentSession !== undefined) return agentSession;
  throw new MeshError("malformed", "only an agent session has a stream pushed to it", {
    hint: "people follow one with: claudemesh stream subscribe <name>",
  });
}
