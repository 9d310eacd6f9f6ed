import { hmacSha256, type RandomSource, toHex, utf8, uuidv4 } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { Store } from "../store/port.ts";
import type { Timer } from "../timer.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { Orders, type OrdersOptions, ordersSubject } from "./orders.ts";
import { lookMs, Others, type OthersOptions } from "./others.ts";
import {
  OwnPresence,
  type OwnPresenceOptions,
  type PresenceNews,
  presenceSubject,
} from "./own-presence.ts";

/** looks between two beats, and between two looks at what passes with time */
const looksPerBeat = 5;
const looksPerRecheck = 60;
/** longer than any node that lives takes to see them */
const ordersKeptMs = 3_600_000;
/** how long a node of other keys may be silent before it is taken for dead: longer than a beat */
const otherKeysMs = 8_000;

export interface NodesOptions
  extends Pick<OrdersOptions, "run">,
    Pick<OthersOptions, "cameElsewhere" | "goneWith">,
    Pick<OwnPresenceOptions, "describe"> {
  readonly bus: Bus;
  readonly store: Store;
  readonly elsewhere: Elsewhere;
  readonly now: () => number;
  readonly timer: Timer;
  readonly random: RandomSource;
  readonly version: string;
  /** what all nodes of a database share */
  readonly secret: Uint8Array;
  /** looks of others' that go along with this node's */
  readonly looks: readonly (() => Promise<void>)[];
  readonly log: (event: string, cause: unknown) => void;
}

/** This broker as one of those that use a database: it says that it lives and what is at it, and looks at the others once a second, whether or not a signal came. */
export class Nodes {
  readonly id: string;
  readonly orders: Orders;
  readonly #options: NodesOptions;
  readonly #own: OwnPresence;
  readonly #others: Others;
  readonly #keys: string;
  readonly #ends: (() => void)[] = [];
  #address = "";
  #startedAt = 0;
  #beat = 0;
  #looks = 0;
  #looking: Promise<void> | undefined;

  constructor(options: NodesOptions) {
    this.#options = options;
    const { bus, now, run, secret, store } = options;
    this.id = `node_${uuidv4(options.random)}`;
    this.#keys = toHex(hmacSha256(secret, utf8("claudemesh/node-keys/v1")));
    this.orders = new Orders({ self: this.id, bus, store, now, run });
    this.#own = new OwnPresence({
      ...options,
      node: this.id,
      row: () => ({
        id: this.id,
        address: this.#address,
        version: options.version,
        keys: this.#keys,
        startedAt: this.#startedAt,
        seenAt: now(),
        beat: this.#beat,
      }),
    });
    this.#others = new Others({ ...options, self: this.id });
  }

  /** How many nodes live, this one included. */
  get live(): number {
    return this.#others.live;
  }

  /** Something has come, changed or gone at this node. */
  changed(mesh: Parameters<OwnPresence["changed"]>[0], subject: string): void {
    this.#own.changed(mesh, subject);
  }

  /** Joins the others. Throws `conflict` when they have other keys. */
  async start(address: string): Promise<void> {
    const { bus, now, timer } = this.#options;
    await this.#requireSameKeys();
    this.#address = address;
    this.#startedAt = now();
    this.#ends.push(
      bus.subscribe(presenceSubject, (payload) => {
        this.#others.hear(JSON.parse(payload) as PresenceNews);
      }),
      bus.subscribe(ordersSubject, () => void this.orders.look().catch(() => {})),
      timer.every(lookMs, () => void this.#look()),
    );
    await this.#own.write();
    await this.#look();
  }

  /** Leaves; what was here has its grace to come back at another node. */
  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.#looking;
    await this.#own.stop();
    await this.#options.store.write
      .forgetNode({ id: this.id })
      .catch((cause: unknown) => this.#options.log("node not taken off", cause));
  }

  #look(): Promise<void> {
    this.#looking ??= this.#round()
      .catch((cause: unknown) => this.#options.log("other nodes not seen", cause))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #round(): Promise<void> {
    const { looks, store } = this.#options;
    this.#looks += 1;
    if (this.#looks % looksPerRecheck === 0) {
      this.#own.recheck("k:");
      const before = this.#options.now() - ordersKeptMs;
      await store.write.forgetOrders({ before, limit: 500 });
    }
    if (this.#looks % looksPerBeat === 0) {
      this.#beat += 1;
      await this.#own.write();
    }
    const rows = await store.read.nodes();
    if (!rows.some(({ id }) => id === this.id)) await this.#own.write(true);
    await this.#others.look(rows);
    this.#options.bus.isAlone = this.#others.live < 2;
    await this.orders.look();
    for (const look of looks) await look();
  }

  /** Cursors and audit heads of nodes with other keys would be worthless here. A node that is dead has no say. */
  async #requireSameKeys(): Promise<void> {
    const { store, timer } = this.#options;
    const others = async () => (await store.read.nodes()).filter(({ keys }) => keys !== this.#keys);
    const before = new Map((await others()).map(({ id, beat }) => [id, beat]));
    if (before.size === 0) return;
    await new Promise<void>((resolve) => timer.after(otherKeysMs, resolve));
    const alive = (await others()).find(({ id, beat }) => beat !== (before.get(id) ?? -1));
    if (alive === undefined) return;
    throw new MeshError("conflict", `the broker at ${alive.address} has other keys than this one`, {
      hint: "give all brokers of one database the same keys.json: copy it from the data folder of the one that runs",
    });
  }
}
