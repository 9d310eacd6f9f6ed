import type { DeviceId, MemberId, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "./context.ts";
import { keyHexOf } from "./names/member-names.ts";
import { listMemberships } from "./store/memberships.ts";

/** Who this home is in each of its meshes. Member ids, keys and device ids of different meshes cannot be linked by others. */
export interface Whoami {
  readonly home: string;
  readonly meshes: readonly {
    readonly id: MeshId;
    readonly slug: string;
    readonly member: MemberId;
    readonly displayName: string;
    /** first 16 hex digits of the signing key */
    readonly key: string;
    readonly device: DeviceId;
    readonly broker: string;
  }[];
}

export const whoami = (ctx: DeviceContext): Whoami => ({
  home: ctx.home.paths.folder,
  meshes: listMemberships(ctx.store).map((row) => ({
    id: row.mesh,
    slug: row.slug,
    member: row.member,
    displayName: row.display_name,
    key: keyHexOf(row.sign_key).slice(0, 16),
    device: row.device,
    broker: row.broker,
  })),
});
