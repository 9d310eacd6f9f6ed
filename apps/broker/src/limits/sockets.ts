import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ProcessMetrics } from "../metrics.ts";
import { type ClientAddresses, networkOf } from "./client-address.ts";

const endOf = (socket: Partial<Socket>): string => `${socket.remoteAddress} ${socket.remotePort}`;

/** Bounds the sockets of one address that belong to no member, from before TLS or the first byte on. A trusted proxy's are everybody's and not counted. */
export class Sockets {
  readonly #most: number;
  readonly #addresses: ClientAddresses;
  readonly #metrics: ProcessMetrics;
  readonly #open = new Map<string, number>();
  /** how to release each socket that is counted */
  readonly #counted = new Map<string, () => void>();

  constructor(most: number, addresses: ClientAddresses, metrics: ProcessMetrics) {
    this.#most = most;
    this.#addresses = addresses;
    this.#metrics = metrics;
  }

  /** Takes a new socket, or ends it. */
  readonly admit = (socket: Socket): void => {
    const peer = this.#addresses.peer({ socket });
    if (peer === "unknown" || this.#addresses.isProxy(peer)) return;
    const network = networkOf(peer);
    const open = this.#open.get(network) ?? 0;
    if (open >= this.#most) {
      this.#metrics.drop("sockets");
      socket.destroy();
      return;
    }
    this.#open.set(network, open + 1);
    const end = endOf(socket);
    const release = () => {
      if (!this.#counted.delete(end)) return;
      const left = (this.#open.get(network) ?? 1) - 1;
      if (left > 0) this.#open.set(network, left);
      else this.#open.delete(network);
    };
    this.#counted.set(end, release);
    socket.once("close", release);
  };

  /** A socket turned out to be a member's, whose connections are bounded otherwise. */
  readonly proved = (stream: Duplex): void => {
    this.#counted.get(endOf(stream as Partial<Socket>))?.();
  };
}
