import type { CloseCode, DeviceId, MemberId, MeshId, PassingEvent } from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { Connections } from "../connections.ts";
import type { Elsewhere } from "./elsewhere.ts";
import type { Orders } from "./orders.ts";

/** What nodes tell each other's connections; `to` or all but `except`. */
interface Told {
  readonly event: PassingEvent;
  readonly to?: MemberId;
  readonly except?: MemberId;
}

const subject = "tell";

/** What ends connections on every node. */
export interface EndOrder {
  readonly member: MemberId;
  readonly code: CloseCode;
}

export const endOrder = "end";

/** The connections of a mesh, at whichever node they are. */
export class Everywhere {
  readonly #connections: Connections;
  readonly #bus: Bus;
  readonly #elsewhere: Elsewhere;
  readonly #orders: Orders | undefined;

  /** `orders` is left out where there is one node only. */
  constructor(
    connections: Connections,
    bus: Bus,
    elsewhere: Elsewhere,
    orders: Orders | undefined,
  ) {
    this.#connections = connections;
    this.#bus = bus;
    this.#elsewhere = elsewhere;
    this.#orders = orders;
    if (orders === undefined) return;
    bus.subscribe(`*.${subject}`, (payload, at) => {
      const mesh = at.slice(0, at.indexOf(".")) as MeshId;
      const { event, except, to } = JSON.parse(payload) as Told;
      if (to === undefined) connections.tell(mesh, except, event);
      else connections.tellMember(mesh, to, event);
    });
  }

  /** Whether a device has a feed open. */
  hasFeed(mesh: MeshId, member: MemberId, device: DeviceId): boolean {
    if (this.#connections.feedOf({ mesh, member, device }) !== undefined) return true;
    return this.#elsewhere.hasFeed(mesh, member, device);
  }

  /** Whether anyone of a mesh is connected to this node. */
  isIn(mesh: MeshId): boolean {
    return this.#connections.isIn(mesh);
  }

  /** Tells every feed of a mesh at this node. */
  tellHere(mesh: MeshId, event: PassingEvent): void {
    this.#connections.tell(mesh, undefined, event);
  }

  /** Tells every feed of a mesh but one member's something that is not in its log. */
  tell(mesh: MeshId, except: MemberId, event: PassingEvent): void {
    this.#connections.tell(mesh, except, event);
    this.#pass(mesh, { event, except });
  }

  /** Tells a member's feeds something that is not in the log; answers whether there is one. */
  tellMember(mesh: MeshId, member: MemberId, event: PassingEvent): boolean {
    const isHere = this.#connections.tellMember(mesh, member, event);
    if (!this.#elsewhere.hasFeedOf(mesh, member)) return isHere;
    this.#pass(mesh, { event, to: member });
    return true;
  }

  /** Ends a member's connections once their calls are answered; answers how many there are. */
  async finishMember(mesh: MeshId, member: MemberId, code: CloseCode): Promise<number> {
    const order: EndOrder = { member, code };
    await this.#orders?.give(mesh, endOrder, order);
    const elsewhere = this.#elsewhere.connections(mesh, member);
    return elsewhere + this.#connections.finishMember(mesh, member, code);
  }

  #pass(mesh: MeshId, told: Told): void {
    if (this.#orders !== undefined) this.#bus.publish(`${mesh}.${subject}`, JSON.stringify(told));
  }
}
