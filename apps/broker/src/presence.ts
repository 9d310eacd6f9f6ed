import type { MemberId, MeshId } from "@claudemesh/protocol";

/** One live connection of a member. */
export interface Present {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly type: "human";
  readonly connectedAt: number;
}

/** Who is connected now, by mesh and member. */
export class Presence {
  readonly #meshes = new Map<MeshId, Map<MemberId, Set<Present>>>();

  /** Answers a function that takes the connection off again. */
  enter(present: Present): () => void {
    const { mesh, member } = present;
    const members = this.#meshes.get(mesh) ?? new Map<MemberId, Set<Present>>();
    this.#meshes.set(mesh, members);
    const own = members.get(member) ?? new Set<Present>();
    members.set(member, own);
    own.add(present);
    return () => {
      own.delete(present);
      if (own.size === 0 && members.get(member) === own) members.delete(member);
      if (members.size === 0 && this.#meshes.get(mesh) === members) this.#meshes.delete(mesh);
    };
  }

  /** The live connections of a mesh, in the order of members' first connections. */
  list(mesh: MeshId): Present[] {
    return [...(this.#meshes.get(mesh)?.values() ?? [])].flatMap((own) => [...own]);
  }

  connections(mesh: MeshId, member: MemberId): number {
    return this.#meshes.get(mesh)?.get(member)?.size ?? 0;
  }

  membersOnline(mesh: MeshId): number {
    return this.#meshes.get(mesh)?.size ?? 0;
  }
}
