import type { DeviceId, MemberId, MeshId, SessionId, WirePeer } from "@claudemesh/protocol";
import type { PresenceRow } from "../store/nodes-port.ts";
import {
  deviceSubject,
  type PlacedDevice,
  type PlacedKey,
  type PlacedSession,
  sessionSubject,
} from "./placed.ts";

/** What is at the other nodes: sessions, devices and API keys, as they said last. Empty where there are none. */
export class Elsewhere {
  /** by mesh, subject and node */
  readonly #meshes = new Map<MeshId, Map<string, Map<string, unknown>>>();

  /** Takes what a node says. */
  take(node: string, { mesh, subject, body }: PresenceRow): void {
    const subjects = this.#meshes.get(mesh) ?? new Map<string, Map<string, unknown>>();
    const places = subjects.get(subject) ?? new Map<string, unknown>();
    if (body === null) places.delete(node);
    else places.set(node, JSON.parse(body));
    if (places.size > 0) subjects.set(subject, places);
    else subjects.delete(subject);
    if (subjects.size > 0) this.#meshes.set(mesh, subjects);
    else this.#meshes.delete(mesh);
  }

  /** The names of what is at a node. */
  of(node: string): { readonly mesh: MeshId; readonly subject: string }[] {
    return [...this.#meshes].flatMap(([mesh, subjects]) =>
      [...subjects].flatMap(([subject, places]) => (places.has(node) ? [{ mesh, subject }] : [])),
    );
  }

  /** What a node said of something. */
  at(node: string, mesh: MeshId, subject: string): unknown {
    return this.#meshes.get(mesh)?.get(subject)?.get(node);
  }

  session(mesh: MeshId, session: SessionId): PlacedSession | undefined {
    const places = this.#meshes.get(mesh)?.get(sessionSubject(session));
    return places && best([...places.values()] as PlacedSession[]);
  }

  sessions(mesh: MeshId): PlacedSession[] {
    return this.#all<PlacedSession>(mesh, "s:").map(best);
  }

  hasFeed(mesh: MeshId, member: MemberId, device: DeviceId): boolean {
    const places = this.#meshes.get(mesh)?.get(deviceSubject(member, device));
    return [...(places?.values() ?? [])].some((placed) => (placed as PlacedDevice).hasFeed);
  }

  /** Devices as they are listed. */
  devices(mesh: MeshId): NonNullable<PlacedDevice["peer"]>[] {
    return this.#all<PlacedDevice>(mesh, "d:").flatMap((places) => {
      const shown = places.find(({ peer }) => peer !== undefined);
      return shown?.peer === undefined ? [] : [shown.peer];
    });
  }

  keys(mesh: MeshId, now: number): WirePeer[] {
    return this.#all<PlacedKey>(mesh, "k:").flatMap((places) => {
      const there = places.find(({ until }) => until === undefined || until > now);
      return there === undefined ? [] : [there.peer];
    });
  }

  connections(mesh: MeshId, member: MemberId): number {
    return this.#devices(mesh)
      .filter((placed) => placed.member === member)
      .reduce((sum, { connections }) => sum + connections, 0);
  }

  hasFeedOf(mesh: MeshId, member: MemberId): boolean {
    return this.#devices(mesh).some((placed) => placed.member === member && placed.hasFeed);
  }

  members(mesh: MeshId): Set<MemberId> {
    return new Set(this.#devices(mesh).map(({ member }) => member));
  }

  #devices(mesh: MeshId): PlacedDevice[] {
    return this.#all<PlacedDevice>(mesh, "d:").flat();
  }

  #all<T>(mesh: MeshId, kind: string): T[][] {
    return [...(this.#meshes.get(mesh) ?? [])].flatMap(([subject, places]) =>
      subject.startsWith(kind) ? [[...places.values()] as T[]] : [],
    );
  }
}

/** While a session moves from one node to another both may say that they have it: where it came last is right. */
const best = (places: readonly PlacedSession[]): PlacedSession =>
  places.reduce((last, one) => (one.attaches > last.attaches ? one : last));
