import { limits, MeshError, type MeshId, type PeerFileAnswer } from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { Timer } from "../timer.ts";

/** how long another device of the one asked may still answer once one has said that it shares nothing */
const graceMs = 1_000;
/** requests that wait at a time */
const most = 1_000;

interface Waiting {
  settle(answer: PeerFileAnswer): void;
}

const keyOf = (mesh: MeshId, id: string, from: string, to: string): string =>
  `${mesh} ${id} ${from} ${to}`;

/** Requests for peers' files that wait for an answer, at this node or another; what is in them only the two members can read. */
export class PeerAsks {
  readonly #timer: Timer;
  readonly #bus: Bus;
  readonly #waiting = new Map<string, Waiting>();

  constructor(timer: Timer, bus: Bus) {
    this.#timer = timer;
    this.#bus = bus;
    bus.subscribe("*.peerfile", (payload) => this.#take(JSON.parse(payload) as PeerFileAnswer));
  }

  /** Waits for the answer to a request: the first of a device that shares a folder, else one that says it shares none. Throws `conflict`, `rate_limited`, `timeout`. */
  async wait(ask: {
    readonly mesh: MeshId;
    readonly id: string;
    readonly from: string;
    readonly to: string;
  }): Promise<PeerFileAnswer> {
    const key = keyOf(ask.mesh, ask.id, ask.to, ask.from);
    if (this.#waiting.has(key)) throw new MeshError("conflict", "id: a request with it waits");
    if (this.#waiting.size >= most) {
      throw new MeshError("rate_limited", "too many requests for peers' files wait", {
        retryAfterMs: 1_000,
      });
    }
    const { promise, resolve, reject } = Promise.withResolvers<PeerFileAnswer>();
    let cancelGrace = () => {};
    const cancel = this.#timer.after(limits.peerFileMs, () =>
      reject(new MeshError("timeout", "no device of the peer answered")),
    );
    this.#waiting.set(key, {
      settle: (answer) => {
        if (!answer.none) resolve(answer);
        else cancelGrace = this.#timer.after(graceMs, () => resolve(answer));
      },
    });
    try {
      return await promise;
    } finally {
      cancel();
      cancelGrace();
      this.#waiting.delete(key);
    }
  }

  /** Hands an answer to who waits for it, at whichever node. */
  settle(answer: PeerFileAnswer): void {
    if (!this.#take(answer)) {
      this.#bus.publish(`${answer.mesh}.peerfile`, JSON.stringify(answer));
    }
  }

  #take(answer: PeerFileAnswer): boolean {
    const { mesh, id, from, to } = answer;
    const waiting = this.#waiting.get(keyOf(mesh, id, from, to));
    waiting?.settle(answer);
    return waiting !== undefined;
  }
}
