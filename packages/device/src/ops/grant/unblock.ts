import type { DeviceHandler } from "../../handler.ts";
import { changePeer } from "./change-peer.ts";

/** Forgets the rule for a peer: the defaults hold again. */
export const unblock: DeviceHandler<"grant.unblock"> = (input, ctx) =>
  changePeer(ctx, input, () => undefined);
