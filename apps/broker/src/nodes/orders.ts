import type { MeshId } from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { Store } from "../store/port.ts";

const page = 500;
export const ordersSubject = "nodes.order";

export interface OrdersOptions {
  /** this node's id */
  readonly self: string;
  readonly bus: Bus;
  readonly store: Pick<Store, "read" | "write">;
  readonly now: () => number;
  readonly run: (mesh: MeshId, what: string, body: object) => void;
}

/** What every node must do though no log tells it, such as to end a member's connections: rows, which the bus only hastens. */
export class Orders {
  readonly #options: OrdersOptions;
  #last: number | undefined;
  #reading: Promise<void> | undefined;

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  /** Has every other node do something. Throws when it is not certain that they will. */
  async give(mesh: MeshId, what: string, body: object): Promise<void> {
    const { bus, now, self, store } = this.#options;
    const order = { mesh, what, body: JSON.stringify({ ...body, by: self }) };
    await store.write.giveOrder({ order, at: now() });
    bus.publish(ordersSubject, "");
  }

  /** Carries out what is new; what was given before the first look is done. */
  async look(): Promise<void> {
    this.#reading ??= this.#look().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #look(): Promise<void> {
    const { run, self, store } = this.#options;
    if (this.#last === undefined) {
      this.#last = await store.read.lastOrder();
      return;
    }
    for (let size = page; size === page; ) {
      const orders = await store.read.orders({ after: this.#last, limit: page });
      size = orders.length;
      for (const order of orders) {
        this.#last = order.id;
        const body = JSON.parse(order.body) as { readonly by: string };
        // Who gave it has done its own part.
        if (body.by !== self) run(order.mesh, order.what, body);
      }
    }
  }
}
