import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { changePeer } from "./change-peer.ts";

/** Allows a peer these besides what it may do already. */
export const set: DeviceHandler<"grant.set"> = (input, ctx) => {
  if (input.capabilities.length === 0) {
    throw new MeshError("malformed", "capabilities: name at least one", {
      detail: { field: "capabilities" },
    });
  }
  return changePeer(ctx, input, (allowed) => [...allowed, ...input.capabilities]);
};
