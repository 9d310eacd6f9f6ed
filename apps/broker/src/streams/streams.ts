import {
  audienceOfTopic,
  everyone,
  limits,
  MeshError,
  type MeshId,
  mayReach,
  type StreamItem,
  type StreamName,
  type TopicId,
} from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { GrantBook } from "../grants.ts";
import type { Actor } from "../handler.ts";
import type { Logger } from "../logger.ts";
import type { Rosters } from "../rosters.ts";
import type { Timer } from "../timer.ts";
import { StreamQueue } from "./stream-queue.ts";

const subject = "stream";

export interface StreamPlace {
  readonly mesh: MeshId;
  readonly name: StreamName;
  readonly topic?: TopicId | undefined;
}

const placeOf = ({ mesh, name, topic = undefined }: StreamPlace): string =>
  `${mesh} ${topic ?? "*"} ${name}`;

interface StreamParts {
  readonly bus: Bus;
  readonly grants: GrantBook;
  readonly rosters: Rosters;
  readonly timer: Timer;
  readonly log: Logger;
  readonly dropped: () => void;
}

/** Who of this node listens to which stream. What is published goes to them and over the bus to the other nodes; nothing is kept for who is not there. */
export class Streams {
  readonly #parts: StreamParts;
  readonly #queues = new Map<string, StreamQueue>();
  readonly #listening = new Map<string, Set<StreamQueue>>();
  readonly #endBus: () => void;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#endBus = parts.bus.subscribe(`*.${subject}`, (payload) =>
      this.#hand(JSON.parse(payload) as StreamItem),
    );
  }

  /** Throws `exhausted` when the connection has as many subscriptions as it may. */
  subscribe(connection: string, actor: Actor, stream: StreamPlace): void {
    const queue =
      this.#queues.get(connection) ?? new StreamQueue(actor, () => this.#parts.dropped());
    const place = placeOf(stream);
    if (!queue.places.has(place) && queue.places.size >= limits.streamsPerConnection) {
      throw new MeshError("exhausted", "this connection is subscribed to as many as it may be");
    }
    this.#queues.set(connection, queue);
    queue.places.add(place);
    const listening = this.#listening.get(place) ?? new Set<StreamQueue>();
    this.#listening.set(place, listening.add(queue));
  }

  unsubscribe(connection: string, stream: StreamPlace): void {
    const queue = this.#queues.get(connection);
    if (queue !== undefined) this.#leave(queue, placeOf(stream));
    if (queue?.places.size === 0) this.lost(connection);
  }

  /** What has come over a connection's subscriptions, waiting for it at most `ms`. */
  async take(connection: string, ms: number): Promise<StreamItem[]> {
    return (await this.#queues.get(connection)?.take(ms, this.#parts.timer)) ?? [];
  }

  /** A connection has ended or is about to: with it its subscriptions. */
  lost(connection: string): void {
    const queue = this.#queues.get(connection);
    if (queue === undefined) return;
    this.#queues.delete(connection);
    for (const place of [...queue.places]) this.#leave(queue, place);
    queue.end();
  }

  publish(item: StreamItem): void {
    this.#hand(item);
    this.#parts.bus.publish(`${item.mesh}.${subject}`, JSON.stringify(item));
  }

  close(): void {
    this.#endBus();
    for (const connection of [...this.#queues.keys()]) this.lost(connection);
  }

  /** To those whom it may reach: who does not take from its author what is for many is passed over. */
  #hand(item: StreamItem): void {
    const { mesh, stream: name, topic } = item;
    const place = placeOf({ mesh, name, topic });
    if (!this.#listening.has(place)) return;
    this.#allowed(item).then(
      (allowed) => {
        for (const queue of this.#listening.get(place) ?? []) {
          if (allowed(queue)) queue.put(place, item);
        }
      },
      (cause: unknown) => this.#parts.log.warn("stream not handed on", { mesh, cause }),
    );
  }

  async #allowed({ mesh, member, topic }: StreamItem): Promise<(to: StreamQueue) => boolean> {
    const { grants, rosters } = this.#parts;
    const [held, roster] = await Promise.all([grants.of(mesh), rosters.open(mesh)]);
    const audience = topic === undefined ? everyone : audienceOfTopic(topic);
    return (to) =>
      to.member === member ||
      (roster.isMember(to.member) && mayReach(held.allowed(roster, to.member, member), audience));
  }

  #leave(queue: StreamQueue, place: string): void {
    queue.leave(place);
    const listening = this.#listening.get(place);
    listening?.delete(queue);
    if (listening?.size === 0) this.#listening.delete(place);
  }
}
