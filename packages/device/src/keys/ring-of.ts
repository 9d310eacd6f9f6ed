import type { KeyRing } from "@claudemesh/crypto";
import type { MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";

/** The mesh and private-topic keys that this home holds in a mesh: what sealing to many, and opening it, takes. */
export const ringOf = (ctx: DeviceContext, mesh: MeshId): KeyRing => ctx.rings.of(mesh);
