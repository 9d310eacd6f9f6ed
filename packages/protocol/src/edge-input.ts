import { z } from "zod";
import type { AnyOp } from "./op.ts";
import { MeshTarget } from "./shapes/target.ts";

/**
 * What a caller at the edge gives. Where the wire view serves, it gains `mesh`: on the wire the connection says which mesh is meant. What only devices say to
 * brokers stays as it is.
 */
export function edgeInput(declared: AnyOp): z.ZodType {
  const { cli, input, open, scope, tool } = declared;
  if (open) return open.input;
  const offered = cli !== undefined || tool !== undefined;
  return offered && scope === "member" && input instanceof z.ZodObject
    ? input.extend(MeshTarget.shape)
    : input;
}
