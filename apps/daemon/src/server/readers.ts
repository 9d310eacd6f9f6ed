import type { Socket } from "node:net";
import type { LocalDevice, Reader, ReaderOptions } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol";

/** One caller of the daemon, for as long as a connection of its is open. */
export interface Caller {
  readonly reader: Reader;
  /** Takes what its calls had to say beside their answers since the last time. */
  takeNotes(): string[];
}

interface Entry extends Caller {
  readonly sockets: Set<Socket>;
}

const mostReaders = 512;
const mostNotes = 8;

/** Who is connected. A caller that names itself in several connections is one; it is gone with its last connection, and what it did not confirm is offered again. */
export class Readers {
  readonly #device: LocalDevice;
  readonly #named = new Map<string, Entry>();
  readonly #unnamed = new WeakMap<Socket, Entry>();
  #count = 0;

  constructor(device: LocalDevice) {
    this.#device = device;
  }

  get size(): number {
    return this.#count;
  }

  /** The caller behind a request, known or new. Throws `rate_limited` when there are too many. */
  of(socket: Socket, name: string | undefined, options: ReaderOptions): Caller {
    const known = name === undefined ? this.#unnamed.get(socket) : this.#named.get(name);
    if (known !== undefined) {
      this.#hold(known, socket, name);
      return known;
    }
    if (this.#count >= mostReaders) {
      throw new MeshError("rate_limited", `${mostReaders} programs use the daemon already`);
    }
    const notes: string[] = [];
    const reader = this.#device.reader({
      ...options,
      log: (level, message) => {
        if (level === "warn" && notes.length < mostNotes) notes.push(`warning: ${message}`);
      },
    });
    const entry: Entry = { reader, takeNotes: () => notes.splice(0), sockets: new Set() };
    if (name === undefined) this.#unnamed.set(socket, entry);
    else this.#named.set(name, entry);
    this.#count += 1;
    this.#hold(entry, socket, name);
    return entry;
  }

  #hold(entry: Entry, socket: Socket, name: string | undefined): void {
    if (entry.sockets.has(socket)) return;
    entry.sockets.add(socket);
    const gone = () => {
      if (!entry.sockets.delete(socket) || entry.sockets.size > 0) return;
      if (name !== undefined) this.#named.delete(name);
      this.#count -= 1;
      entry.reader.close().catch(() => {});
    };
    if (socket.destroyed) gone();
    else socket.once("close", gone);
  }
}
