import type { Roster } from "@claudemesh/crypto/verify";
import {
  type Audience,
  type Capability,
  capabilitiesOf,
  type Grants,
  type MemberId,
  type MeshId,
  mayReach,
} from "@claudemesh/protocol";
import type { LogEntry, Store, StoreReads } from "./store/port.ts";

/** What the members of one mesh let each other do. */
export interface MeshGrants {
  readonly of: (member: MemberId) => Grants | undefined;
  /** what `peer` may do to `member` */
  allowed(roster: Roster, member: MemberId, peer: MemberId): readonly Capability[];
}

/** Every mesh's grants, read once when they are first needed and kept current by what is appended, here or by another node. */
export class GrantBook {
  readonly #read: Pick<StoreReads, "grants">;
  readonly #meshes = new Map<MeshId, Promise<Map<MemberId, Grants>>>();
  /** made once per mesh, since every message asks */
  readonly #loaded = new Map<MeshId, MeshGrants>();

  constructor({ read, onAppend }: Pick<Store, "onAppend"> & { read: Pick<StoreReads, "grants"> }) {
    this.#read = read;
    onAppend((mesh, entries) => {
      for (const { kind, body } of entries) {
        if (kind !== "grants" || body === null) continue;
        if (this.#meshes.has(mesh)) void this.note(JSON.parse(body) as Grants).catch(() => {});
      }
    });
  }

  async of(mesh: MeshId): Promise<MeshGrants> {
    return this.loaded(mesh) ?? meshGrants(await this.#held(mesh));
  }

  /** Without waiting, when the mesh's grants are in memory. */
  loaded(mesh: MeshId): MeshGrants | undefined {
    return this.#loaded.get(mesh);
  }

  /** Takes in what was just stored. */
  async note(grants: Grants): Promise<void> {
    const held = await this.#held(grants.mesh);
    if ((held.get(grants.member)?.version ?? -1) < grants.version) held.set(grants.member, grants);
  }

  #held(mesh: MeshId): Promise<Map<MemberId, Grants>> {
    let held = this.#meshes.get(mesh);
    if (held === undefined) {
      held = this.#read.grants(mesh).then((all) => {
        const read = new Map(all.map((grants) => [grants.member, grants]));
        this.#loaded.set(mesh, meshGrants(read));
        return read;
      });
      held.catch(() => this.#meshes.delete(mesh));
      this.#meshes.set(mesh, held);
    }
    return held;
  }
}

const meshGrants = (held: ReadonlyMap<MemberId, Grants>): MeshGrants => ({
  of: (member) => held.get(member),
  allowed: (roster, member, peer) =>
    capabilitiesOf(held.get(member), peer, roster.members.get(peer)?.role, roster.policy),
});

/** Which entries of the log a member's feed leaves out: what others wrote to many, where the member does not let them. */
export const hiddenFrom =
  (grants: MeshGrants, roster: Roster, member: MemberId) =>
  ({ audience, kind, sender }: LogEntry): boolean => {
    if ((kind !== "message" && kind !== "plain") || sender === null || sender === member) {
      return false;
    }
    if (audience.startsWith("m:") || audience.startsWith("s:")) return false;
    return !mayReach(grants.allowed(roster, member, sender), audience as Audience);
  };
