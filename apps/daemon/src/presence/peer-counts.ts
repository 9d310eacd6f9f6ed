import type { LocalDevice } from "@claudemesh/device";
import type { MeshId } from "@claudemesh/protocol";

/** Who else is online in each mesh whose link is open: asked for once per connection, then followed by what is heard. */
export class PeerCounts {
  readonly #device: LocalDevice;
  /** by key, under which name */
  readonly #online = new Map<MeshId, Map<string, string>>();

  constructor(device: LocalDevice) {
    this.#device = device;
  }

  /** Follows from now on; answers a canceller. */
  follow(): () => void {
    return this.#device.listen((event) => {
      if (event.type === "link") {
        const { mesh, standing } = event;
        this.#online.delete(mesh);
        if (standing.link === "open") void this.#ask(mesh);
      } else if (event.type === "peer_joined" || event.type === "peer_returned") {
        this.#online.get(event.mesh)?.set(event.peer.key, event.peer.name);
      } else if (event.type === "peer_left") {
        this.#online.get(event.mesh)?.delete(event.peer.key);
      }
    });
  }

  /** How many sessions and people of other members are online; undefined while that is not known. */
  of(mesh: MeshId): number | undefined {
    return this.#online.get(mesh)?.size;
  }

  /** Their names, each once; none while that is not known. */
  names(mesh: MeshId): string[] {
    return [...new Set(this.#online.get(mesh)?.values())].sort();
  }

  async #ask(mesh: MeshId): Promise<void> {
    const online = new Map<string, string>();
    this.#online.set(mesh, online);
    try {
      const { items } = await this.#device.api.peer.list({ mesh });
      for (const { self, key, name } of items) if (!self) online.set(key, name);
    } catch {
      // The next connection asks again; until then it is not known.
      if (this.#online.get(mesh) === online) this.#online.delete(mesh);
    }
  }
}
