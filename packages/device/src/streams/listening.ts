import { type MemberId, MeshError, type MeshId } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { framedStreamItem } from "../framing/stream-line.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { namedIn } from "../names/member-names.ts";
import { getMembership } from "../store/memberships.ts";
import { topicName } from "../topics/topic-name.ts";
import { HeardItems, type HeardSince } from "./heard-items.ts";
import { openItem } from "./open-item.ts";
import { placeKey, type StreamPlace, wirePlace } from "./stream-place.ts";

const waitMs = 20_000;
const retryMs = 1_000;
/** A stream that nobody has asked about for so long is not listened to any more. */
const idleMs = 90_000;

interface Heard {
  readonly place: StreamPlace;
  readonly items: HeardItems;
  /** agent sessions that have it pushed */
  readonly sessions: Set<string>;
  askedAt: number;
  /** the connection that is subscribed */
  on: Client | undefined;
  /** why it ended */
  failed: unknown;
}

/** The streams that this home listens to: one subscription each, however many ask. */
export class Listening {
  readonly #ctx: () => DeviceContext;
  readonly #heard = new Map<string, Heard>();
  readonly #running = new Set<MeshId>();
  #isStopped = false;

  constructor(ctx: () => DeviceContext) {
    this.#ctx = ctx;
  }

  /** Listens from now on, unless it does already, and answers where it is. Throws what subscribing throws. */
  async begin(place: StreamPlace): Promise<number> {
    return (await this.#open(place)).items.seq;
  }

  /** What came after a place; undefined where it is not listened to any more. Throws what ended it. */
  since(place: StreamPlace, after: number): HeardSince | undefined {
    const heard = this.#heard.get(placeKey(place));
    if (heard === undefined) return undefined;
    heard.askedAt = this.#ctx().now();
    if (heard.failed !== undefined) {
      this.#heard.delete(placeKey(place));
      throw heard.failed;
    }
    return heard.items.since(after);
  }

  /** Has what comes pushed into an agent session. Throws what subscribing throws. */
  async push(place: StreamPlace, agentSession: string): Promise<void> {
    (await this.#open(place)).sessions.add(agentSession);
  }

  /** Answers whether it was pushed. */
  unpush(place: StreamPlace, agentSession: string): boolean {
    return this.#heard.get(placeKey(place))?.sessions.delete(agentSession) ?? false;
  }

  /** An agent session has ended: nothing is pushed to it. */
  forget(agentSession: string): void {
    for (const { sessions } of this.#heard.values()) sessions.delete(agentSession);
  }

  /** Listens to nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#heard.clear();
  }

  async #open(place: StreamPlace): Promise<Heard> {
    const ctx = this.#ctx();
    const key = placeKey(place);
    const known = this.#heard.get(key);
    if (known !== undefined && known.failed === undefined) {
      known.askedAt = ctx.now();
      return known;
    }
    const heard: Heard = {
      place,
      items: new HeardItems(ctx.now()),
      sessions: new Set(),
      askedAt: ctx.now(),
      on: undefined,
      failed: undefined,
    };
    await ctx.links.using(place.row, async ({ client }) => {
      await client.stream.subscribe(wirePlace(place));
      heard.on = client;
    });
    this.#heard.set(key, heard);
    this.#run(place.row.mesh);
    return heard;
  }

  /** Takes what comes for a mesh for as long as somebody listens there. */
  #run(mesh: MeshId): void {
    if (this.#running.has(mesh)) return;
    this.#running.add(mesh);
    this.#follow(mesh)
      .catch((error: unknown) => this.#ctx().log("warn", `streams are not followed: ${error}`))
      .finally(() => this.#running.delete(mesh));
  }

  async #follow(mesh: MeshId): Promise<void> {
    const ctx = this.#ctx();
    while (!this.#isStopped && this.#wanted(mesh).length > 0) {
      const row = getMembership(ctx.store, mesh);
      if (row === undefined) return this.#fail(mesh, new MeshError("not_found", "left the mesh"));
      try {
        await ctx.links.using(row, ({ client }) => this.#round(mesh, client));
      } catch (error) {
        if (this.#isStopped) return;
        if (!isUnreachable(error)) return this.#fail(mesh, error);
        const { promise, resolve } = Promise.withResolvers<void>();
        ctx.timer(retryMs, resolve);
        await promise;
      }
    }
  }

  async #round(mesh: MeshId, client: Client): Promise<void> {
    for (const heard of this.#wanted(mesh)) {
      if (heard.on === client) continue;
      try {
        await client.stream.subscribe(wirePlace(heard.place));
        heard.on = client;
      } catch (error) {
        if (isUnreachable(error)) throw error;
        heard.failed = error;
      }
    }
    const ctx = this.#ctx();
    const { items } = await client.stream.take({ waitMs });
    for (const item of items) {
      const key = `${item.mesh} ${item.topic ?? "*"} ${item.stream}`;
      const heard = this.#heard.get(key);
      if (heard === undefined || item.mesh !== mesh || !heard.items.count(item)) continue;
      const text = await openItem(ctx, heard.place, client, item);
      if (text === undefined) {
        heard.items.lose();
        continue;
      }
      const { member, at } = item;
      const dropped = heard.items.put({ member, at, text });
      this.#tell(heard, { member, text, dropped });
    }
    if (items.length > 0) ctx.wake.now();
  }

  /** Tells the agent sessions that have a stream pushed of its newest item. */
  #tell(
    { place, sessions }: Heard,
    {
      member,
      ...item
    }: { readonly member: MemberId; readonly text: string; readonly dropped: number },
  ): void {
    if (sessions.size === 0) return;
    const ctx = this.#ctx();
    const { name: stream, row, topic } = place;
    const text = framedStreamItem({
      ...{ ...item, stream, mesh: row.slug },
      topic: topic && topicName(ctx.store, row.mesh, topic),
      from: namedIn(ctx, row.mesh).get(member)?.name ?? member,
    });
    for (const agentSession of sessions) {
      ctx.events.tell({ type: "stream_item", mesh: row.mesh, agentSession, text });
    }
  }

  /** Those of a mesh that somebody listens to; ends the others. */
  #wanted(mesh: MeshId): Heard[] {
    const since = this.#ctx().now() - idleMs;
    const wanted: Heard[] = [];
    for (const [key, heard] of this.#heard) {
      if (heard.place.row.mesh !== mesh || heard.failed !== undefined) continue;
      if (heard.sessions.size > 0 || heard.askedAt > since) {
        wanted.push(heard);
        continue;
      }
      this.#heard.delete(key);
      // What still comes is passed over; the subscription ends with the connection at the latest.
      heard.on?.stream.unsubscribe(wirePlace(heard.place)).catch(() => {});
    }
    return wanted;
  }

  #fail(mesh: MeshId, error: unknown): void {
    for (const heard of this.#wanted(mesh)) heard.failed = error;
    this.#ctx().wake.now();
  }
}
