import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { changePeer } from "./change-peer.ts";

/** Takes these back and leaves the rest. */
export const revoke: DeviceHandler<"grant.revoke"> = (input, ctx) => {
  if (input.capabilities.length === 0) {
    throw new MeshError("malformed", "capabilities: name at least one", {
      hint: "to let nothing through, block the peer",
      detail: { field: "capabilities" },
    });
  }
  return changePeer(ctx, input, (allowed) =>
    allowed.filter((one) => !input.capabilities.includes(one)),
  );
};
