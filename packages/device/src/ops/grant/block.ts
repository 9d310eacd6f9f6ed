import type { DeviceHandler } from "../../handler.ts";
import { changePeer } from "./change-peer.ts";

/** Lets nothing of a peer through; it is not told. */
export const block: DeviceHandler<"grant.block"> = (input, ctx) => changePeer(ctx, input, () => []);
