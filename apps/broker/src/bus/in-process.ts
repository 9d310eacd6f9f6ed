import type { Bus, BusListener } from "./port.ts";
import { Subscribers } from "./subscribers.ts";

/** The bus of brokers in one process: of the only one, which then talks to nobody, or of several that share a store. */
export class InProcessBus {
  readonly #nodes = new Set<Node>();

  /** One node's end of it. */
  join(): Bus {
    const node = new Node(this.#nodes);
    this.#nodes.add(node);
    return node;
  }
}

class Node implements Bus {
  readonly kind = "in-process";
  readonly isUp = true;
  readonly carriesEntries = true;
  isAlone = false;
  readonly counts = { published: 0, received: 0, dropped: 0, reconnects: 0, refused: 0 };
  readonly #nodes: Set<Node>;
  readonly #subscribers = new Subscribers();

  constructor(nodes: Set<Node>) {
    this.#nodes = nodes;
  }

  publish(subject: string, payload: string): void {
    if (this.#nodes.size < 2) return;
    this.counts.published += 1;
    for (const node of this.#nodes) {
      if (node !== this) setImmediate(() => node.#receive(subject, payload));
    }
  }

  subscribe(subject: string, listener: BusListener): () => void {
    return this.#subscribers.add(subject, listener);
  }

  async close(): Promise<void> {
    this.#nodes.delete(this);
  }

  #receive(subject: string, payload: string): void {
    if (!this.#nodes.has(this)) return;
    this.counts.received += 1;
    this.#subscribers.hand(subject, payload);
  }
}
