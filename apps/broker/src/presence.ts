import type { DeviceId, MemberId, MeshId, WirePeer } from "@claudemesh/protocol";
import type { Actor } from "./handler.ts";
import { Elsewhere } from "./nodes/elsewhere.ts";
import { deviceSubject, type PlacedDevice } from "./nodes/placed.ts";
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
  readonly #elsewhere: Elsewhere;
  readonly #changed: (mesh: MeshId, subject: string) => void;
  readonly #said = new Map<string, Omit<PresenceChange, "stats">>();

  /** `changed` is told of every device that comes, goes or says something else. */
  constructor(
    elsewhere: Elsewhere = new Elsewhere(),
    changed: (mesh: MeshId, subject: string) => void = () => {},
  ) {
    this.#elsewhere = elsewhere;
    this.#changed = changed;
  }

  /** Answers a function that takes the connection off again. */
  enter(present: Present): () => void {
    const { mesh, member } = present;
    const members = this.#meshes.get(mesh) ?? new Map<MemberId, Set<Present>>();
    this.#meshes.set(mesh, members);
    const own = members.get(member) ?? new Set<Present>();
    members.set(member, own);
    own.add(present);
    const subject = deviceSubject(member, present.device);
    this.#changed(mesh, subject);
    return () => {
      own.delete(present);
      this.#changed(mesh, subject);
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
    this.#changed(actor.mesh, deviceSubject(actor.member, actor.device));
  }

  /** A device as it is told to other nodes; undefined when it is not connected here. */
  placed({ mesh, member, device }: Actor, hasFeed: boolean): PlacedDevice | undefined {
    const own = [...(this.#meshes.get(mesh)?.get(member) ?? [])];
    const connections = own.filter((present) => present.device === device).length;
    if (connections === 0) return undefined;
    const peer = this.#listed(own).find((listed) => listed.device === device);
    return { member, device, connections, hasFeed, ...(peer === undefined ? {} : { peer }) };
  }

  /** The connected devices of a mesh that are not hidden, each once, in the order of members' first connections, then those at other nodes. */
  devices(mesh: MeshId): (WirePeer & { device: DeviceId })[] {
    const all = [...(this.#meshes.get(mesh)?.values() ?? [])].flatMap((own) => [...own]);
    const here = this.#listed(all);
    const known = new Set(all.map(keyOf));
    const others = this.#elsewhere
      .devices(mesh)
      .filter(({ member, device }) => !known.has(keyOf({ mesh, member, device })));
    return others.length === 0 ? here : [...here, ...others];
  }

  connections(mesh: MeshId, member: MemberId): number {
    const here = this.#meshes.get(mesh)?.get(member)?.size ?? 0;
    return here + this.#elsewhere.connections(mesh, member);
  }

  membersOnline(mesh: MeshId): number {
    const here = this.#meshes.get(mesh);
    const others = [...this.#elsewhere.members(mesh)].filter((member) => !here?.has(member));
    return (here?.size ?? 0) + others.length;
  }

  #listed(all: readonly Present[]): (WirePeer & { device: DeviceId })[] {
    const found = new Map<string, WirePeer & { device: DeviceId }>();
    for (const present of all) {
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
}

const keyOf = ({ mesh, member, device }: Actor) => `${mesh} ${member} ${device}`;
