import {
  type CloseCode,
  type DeviceId,
  type MemberId,
  MeshError,
  type MeshId,
  type PassingEvent,
} from "@claudemesh/protocol";
import type { BrokerConfig } from "./config/settings.ts";
import type { Connection } from "./connection.ts";
import type { Actor } from "./handler.ts";
import { networkOf } from "./limits/client-address.ts";
import type { ProcessMetrics } from "./metrics.ts";
import { NewsGathering } from "./news-gathering.ts";
import type { Timer } from "./timer.ts";

const memberKey = (mesh: MeshId, member: MemberId) => `${mesh} ${member}`;
const deviceKey = ({ mesh, member }: Actor, device: DeviceId) => `${mesh} ${member} ${device}`;

const nobody: ReadonlySet<Connection> = new Set();
/** what comes in crowds when many come back at once */
const ofPeers: ReadonlySet<PassingEvent["kind"]> = new Set([
  "peer_joined",
  "peer_left",
  "peer_returned",
]);

/** how often silence is looked at, at most */
const sweepMs = 1_000;

/** All live connections: how many there may be, who has which, and which of them are dead. */
export class Connections {
  readonly #config: BrokerConfig;
  readonly #metrics: ProcessMetrics;
  readonly #all = new Set<Connection>();
  readonly #anonymous = new Map<string, number>();
  readonly #members = new Map<string, Set<Connection>>();
  readonly #inMesh = new Map<MeshId, number>();
  readonly #feeds = new Map<string, Connection>();
  readonly #listening = new Map<MeshId, Set<Connection>>();
  readonly #news: NewsGathering;
  readonly #stopSweep: () => void;
  /** told when somebody of a mesh is here of which nobody was */
  entered: (mesh: MeshId) => void = () => {};
  #opening = 0;
  #emptied: (() => void) | undefined;

  constructor(config: BrokerConfig, timer: Timer, metrics: ProcessMetrics) {
    this.#config = config;
    this.#metrics = metrics;
    this.#news = new NewsGathering(timer, (mesh) => this.#listening.get(mesh) ?? nobody);
    const every = Math.min(sweepMs, config.pingMs, config.deadPeerMs - config.pingMs);
    this.#stopSweep = timer.every(every, () => this.#sweep(every));
  }

  get size(): number {
    return this.#all.size;
  }

  /** Whether anyone of a mesh is connected. */
  isIn(mesh: MeshId): boolean {
    return this.#inMesh.has(mesh);
  }

  /** How many there are of each kind, and what is unsent on all of them; looks at every one. */
  census(): { readonly anonymous: number; feed: number; call: number; unsentBytes: number } {
    const counts = { anonymous: 0, feed: 0, call: 0, unsentBytes: 0 };
    for (const { actor, isFeed, unsentBytes } of this.#all) {
      counts[actor === undefined ? "anonymous" : isFeed ? "feed" : "call"] += 1;
      counts.unsentBytes += unsentBytes;
    }
    return counts;
  }

  /** Whether one more connection may be opened from an address; if so, `add` or `abandon` must follow. */
  admit(address: string): boolean {
    const network = networkOf(address);
    const anonymous = this.#anonymous.get(network) ?? 0;
    if (this.#all.size + this.#opening >= this.#config.connections) return false;
    if (anonymous >= this.#config.anonymousPerAddress) return false;
    this.#opening += 1;
    this.#anonymous.set(network, anonymous + 1);
    return true;
  }

  abandon(address: string): void {
    this.#opening -= 1;
    this.#release(address);
  }

  add(connection: Connection): void {
    this.#opening -= 1;
    this.#metrics.opened += 1;
    this.#all.add(connection);
  }

  /** Books a connection on its member; a device's newer feed takes over from the older. Throws `rate_limited` when the member has too many. */
  identify(connection: Connection, actor: Actor, purpose: "feed" | "call"): void {
    const key = memberKey(actor.mesh, actor.member);
    const own = this.#members.get(key) ?? new Set<Connection>();
    const feed = deviceKey(actor, actor.device);
    const older = purpose === "feed" ? this.#feeds.get(feed) : undefined;
    if (own.size - (older === undefined ? 0 : 1) >= this.#config.connectionsPerMember) {
      throw new MeshError("rate_limited", "this member has too many connections", {
        retryAfterMs: this.#config.deadPeerMs,
      });
    }
    const inMesh = this.#inMesh.get(actor.mesh) ?? 0;
    if (older === undefined && inMesh >= this.#config.connectionsPerMesh) {
      throw new MeshError("rate_limited", "this mesh has too many connections", {
        retryAfterMs: this.#config.deadPeerMs,
      });
    }
    this.#inMesh.set(actor.mesh, inMesh + 1);
    if (older !== undefined) {
      own.delete(older);
      older.end(4003);
    }
    if (purpose === "feed") {
      this.#feeds.set(feed, connection);
      const listening = this.#listening.get(actor.mesh) ?? new Set<Connection>();
      this.#listening.set(actor.mesh, listening.add(connection));
    }
    this.#members.set(key, own.add(connection));
    this.#release(connection.caller.address);
    if (inMesh === 0) this.entered(actor.mesh);
  }

  remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const { actor, caller } = connection;
    if (actor === undefined) {
      this.#release(caller.address);
    } else {
      const key = memberKey(actor.mesh, actor.member);
      const own = this.#members.get(key);
      const inMesh = (this.#inMesh.get(actor.mesh) ?? 1) - 1;
      if (inMesh > 0) this.#inMesh.set(actor.mesh, inMesh);
      else this.#inMesh.delete(actor.mesh);
      own?.delete(connection);
      if (own?.size === 0) this.#members.delete(key);
      const feed = deviceKey(actor, actor.device);
      if (this.#feeds.get(feed) === connection) this.#feeds.delete(feed);
      const listening = this.#listening.get(actor.mesh);
      listening?.delete(connection);
      if (listening?.size === 0) this.#listening.delete(actor.mesh);
    }
    if (this.#all.size === 0) this.#emptied?.();
  }

  /** The feed of a device, while it is connected. */
  feedOf(actor: Actor): Connection | undefined {
    return this.#feeds.get(deviceKey(actor, actor.device));
  }

  /** Tells every feed of a mesh but one member's where one is named, and those of members that may not know it, something that is not in its log. */
  tell(
    mesh: MeshId,
    except: MemberId | undefined,
    event: PassingEvent,
    mayKnow: (member: MemberId) => boolean = () => true,
  ): void {
    if (ofPeers.has(event.kind)) {
      if (!this.#listening.has(mesh)) return;
      this.#news.tell(mesh, JSON.stringify(event), { except, mayKnow });
      return;
    }
    let text: string | undefined;
    for (const connection of this.#listening.get(mesh) ?? []) {
      const member = connection.actor?.member;
      if (member === except || member === undefined || !mayKnow(member)) continue;
      text ??= JSON.stringify(event);
      connection.tell(text);
    }
  }

  /** Tells a member's feeds something that is not in the log; answers whether there is one. */
  tellMember(mesh: MeshId, member: MemberId, event: PassingEvent): boolean {
    const own = this.#members.get(memberKey(mesh, member)) ?? new Set<Connection>();
    const feeds = [...own].filter(({ isFeed }) => isFeed);
    const text = JSON.stringify(event);
    for (const feed of feeds) feed.tell(text);
    return feeds.length > 0;
  }

  /** Ends a member's connections once their calls are answered; answers how many there are. */
  finishMember(mesh: MeshId, member: MemberId, code: CloseCode): number {
    const own = [...(this.#members.get(memberKey(mesh, member)) ?? [])];
    for (const connection of own) void connection.finish(code, this.#config.drainMs);
    return own.length;
  }

  /** Ends all connections of a mesh once their calls are answered. */
  finishMesh(mesh: MeshId, code: CloseCode): void {
    for (const connection of [...this.#all]) {
      if (connection.actor?.mesh === mesh) void connection.finish(code, this.#config.drainMs);
    }
  }

  /** Ends everything; resolves when all are gone, those that do not answer the close after `ms` more. */
  async drain(code: CloseCode, ms: number, timer: Timer): Promise<void> {
    this.#stopSweep();
    this.#news.stop();
    const gone = Promise.withResolvers<void>();
    this.#emptied = gone.resolve;
    if (this.#all.size === 0) return;
    await Promise.all([...this.#all].map((connection) => connection.finish(code, ms)));
    const cancel = timer.after(ms, () => {
      for (const connection of [...this.#all]) connection.terminate();
    });
    if (this.#all.size > 0) await gone.promise;
    cancel();
  }

  #release(address: string): void {
    const network = networkOf(address);
    const left = (this.#anonymous.get(network) ?? 1) - 1;
    if (left > 0) this.#anonymous.set(network, left);
    else this.#anonymous.delete(network);
  }

  #sweep(passed: number): void {
    const { pingMs, deadPeerMs } = this.#config;
    for (const connection of this.#all) {
      connection.silentMs += passed;
      if (connection.silentMs >= deadPeerMs) {
        this.#metrics.drop("dead_peer");
        connection.terminate();
      } else if (connection.silentMs >= pingMs && !connection.asked) connection.ping();
    }
  }
}
