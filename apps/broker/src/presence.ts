import type { DeviceId, MemberId, MeshId, WirePeer } from "@claudemesh/protocol";
import type { Actor } from "./handler.ts";
import type { PresenceChange } from "./sessions/live-session.ts";

/** One live connection of a member. */
export interface Present {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly type: "human";
  readonly connectedAt: number;
}

/** Who is connected now, by mesh and member, and what a device says of its person. */
export class Presence {
  readonly #meshes = new Map<MeshId, Map<MemberId, Set<Present>>>();
  readonly #said = new Map<string, Omit<PresenceChange, "stats">>();

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
      if (![...own].some(({ device }) => device === present.device)) {
        this.#said.delete(keyOf(present));
      }
      if (own.size === 0 && members.get(member) === own) members.delete(member);
      if (members.size === 0 && this.#meshes.get(mesh) === members) this.#meshes.delete(mesh);
    };
  }

  /** Keeps what a device says of its person as long as it is connected. */
  change(actor: Actor, change: Omit<PresenceChange, "stats">): void {
    const key = keyOf(actor);
    this.#said.set(key, { ...this.#said.get(key), ...change });
  }

  /** The connected devices of a mesh that are not hidden, each once, in the order of members' first connections. */
  devices(mesh: MeshId): (WirePeer & { device: DeviceId })[] {
    const found = new Map<string, WirePeer & { device: DeviceId }>();
    for (const present of [...(this.#meshes.get(mesh)?.values() ?? [])].flatMap((own) => [
      ...own,
    ])) {
      const key = keyOf(present);
      const { summary, status, visible } = this.#said.get(key) ?? {};
      if (visible === false || found.has(key)) continue;
      const { member, device, type, connectedAt } = present;
      found.set(key, {
        member,
        device,
        type,
        connectedAt,
        ...(summary === undefined || summary === "" ? {} : { summary }),
        ...(status === undefined ? {} : { status }),
      });
    }
    return [...found.values()];
  }

  connections(mesh: MeshId, member: MemberId): number {
    return this.#meshes.get(mesh)?.get(member)?.size ?? 0;
  }

  membersOnline(mesh: MeshId): number {
    return this.#meshes.get(mesh)?.size ?? 0;
  }
}

const keyOf = ({ mesh, member, device }: Actor) => `${mesh} ${member} ${device}`;
