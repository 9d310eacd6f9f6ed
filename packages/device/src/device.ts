import { ready, toHex } from "@claudemesh/crypto";
import {
  type DeviceApi,
  type EdgeOpName,
  edgeOpNames,
  type MeshId,
  type MessageId,
  methodTree,
  type OpenInput,
  type OpenOutput,
} from "@claudemesh/protocol";
import { buildContext, type DeviceOptions } from "./build-context.ts";
import { callOp } from "./call-op.ts";
import type { DeviceContext } from "./context.ts";
import { drainFeed } from "./feed/drain-feed.ts";
import { createHandOver } from "./hand-over/hand-over.ts";
import type { HandOver } from "./hand-over/types.ts";
import { quietly } from "./inbox/tell-senders.ts";
import { resolveMesh } from "./names/resolve-mesh.ts";
import type { NewsEvent } from "./news/news-event.ts";
import { newsLines } from "./news/news-lines.ts";
import type { DeviceEvent } from "./online/device-events.ts";
import { type MeshStanding, standingOf } from "./online/mesh-standing.ts";
import { drainOutbox } from "./outbox/drain-outbox.ts";
import { confirm, openReader, type Reader, type ReaderOptions, UnderWay } from "./reader.ts";
import { rebase } from "./rebase.ts";
import { inheritedIn } from "./records/inherited.ts";
import type { AgentSessions } from "./sessions/agent-session.ts";
import { sweepClones } from "./skills/read-repository.ts";
import { releaseHanding } from "./store/inbox-rows.ts";
import { getMembership, listMemberships } from "./store/memberships.ts";
import { queuedMeshes, releaseClaims } from "./store/outbox-rows.ts";
import { type Whoami, whoami } from "./whoami.ts";

/** A member's device, in this process or behind the daemon's socket. */
export interface Device extends AsyncDisposable {
  readonly api: DeviceApi;
  /** any operation by its name; what the typed methods do */
  call<N extends EdgeOpName>(name: N, input: OpenInput<N>): Promise<OpenOutput<N>>;
  whoami(): Promise<Whoami>;
  /** Fetches what waits on the feeds and hands queued messages over, of the named meshes or all. Throws the first failure after trying each. */
  drain(meshes?: readonly string[]): Promise<void>;
  /**
   * Says which messages that `message.inbox` answered were shown, or else that its last answer was, and by which way; only then do the senders get their
   * `offered` receipts. What is not confirmed is shown again, marked so. Answers how many messages it was.
   */
  confirmHandOver(way?: string, ids?: readonly MessageId[]): Promise<number>;
  /** Says at which URL the broker of a mesh is reached from now on. Throws `not_found` for a mesh that this home is not in. */
  rebase(mesh: MeshId, url: string): Promise<void>;
  /** Ends the connections, sending what is due first where they are open. */
  close(): Promise<void>;
}

/** A device in this process, as whoever keeps it running has it: with several callers, kept connections and a voice. */
export interface LocalDevice extends Device {
  /** One of several callers; the device's own methods are one more. */
  reader(options?: ReaderOptions): Reader;
  /** Which agent session gets which message, and when. */
  readonly handOver: HandOver;
  /** The agent sessions of this home. */
  readonly sessions: AgentSessions;
  /** Keeps the feed of every mesh open and the agent sessions attached from now on, hands over what is queued as soon as it can go, and lends the connections to calls. `stop` ends that. */
  keepOnline(): { stop(): Promise<void> };
  /** Calls `listener` for what happens from now on; answers a canceller. */
  listen(listener: (event: DeviceEvent) => void): () => void;
  /** What a session that starts in a mesh is told of who is online, and of what its members share; empty where there is nothing, undefined while that is not known. */
  inherited(mesh: MeshId, online?: readonly string[]): string | undefined;
  /** Says what happened in a mesh, in lines for an agent; undefined where nothing is to be said of it. */
  news(mesh: MeshId, events: readonly NewsEvent[]): string | undefined;
  /** How each mesh of this home stands: its kept connection, and what waits here. */
  standing(): readonly MeshStanding[];
}

const closeBudgetMs = 2_000;
/** How long calls under way may take to end when the device is closed. */
const endBudgetMs = 1_000;

/** Opens a home as a device. Throws `home_damaged`, `not_writable`, `disk_full`, `upgrade_required`. */
export async function openDevice(options: DeviceOptions): Promise<LocalDevice> {
  await ready();
  return deviceOver(buildContext(options));
}

/** The device that works with these parts; it owns them, and ends them when it is closed. */
export function deviceOver(ctx: DeviceContext): LocalDevice {
  const calls = new UnderWay(ctx);
  ctx.dueCalls.call = (caller, name, input) => callOp(caller, name, input as never);
  const readers = new Set<Reader>();
  const call = <N extends EdgeOpName>(name: N, input: OpenInput<N>) =>
    calls.watch(() => callOp(ctx, name, input));
  const api = methodTree<EdgeOpName, { [N in EdgeOpName]: never }>(
    edgeOpNames,
    (name) => ((input: never) => call(name, input)) as never,
  ) as unknown as DeviceApi;
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= shut(ctx, calls, readers));
  return {
    api,
    call,
    whoami: async () => whoami(ctx),
    drain: (meshes) => calls.watch(() => drain(ctx, meshes)),
    confirmHandOver: (way = "cli", ids) => calls.watch(() => confirm(ctx, way, ids)),
    rebase: (mesh, url) => rebase(ctx, mesh, url),
    reader: (options = {}) => {
      const reader = openReader(ctx, `${ctx.token}/${toHex(ctx.random(6))}`, options);
      readers.add(reader);
      const closeReader = async () => {
        readers.delete(reader);
        await reader.close();
      };
      return { ...reader, close: closeReader };
    },
    keepOnline: () => {
      sweepClones(ctx);
      const running = ctx.online.run(ctx);
      running.catch((error) => ctx.log("warn", `the connections are not kept: ${error}`));
      const watched = ctx.sessions.keep();
      const stop = async () => {
        watched.stop();
        await ctx.online.stop();
      };
      return { stop };
    },
    sessions: ctx.sessions,
    handOver: createHandOver(ctx),
    listen: (listener) => ctx.events.listen(listener),
    inherited: (mesh, online) => inheritedIn(ctx, mesh, online),
    news: (mesh, events) => newsLines(ctx, mesh, events),
    standing: () => standingOf(ctx),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function drain(ctx: DeviceContext, meshes?: readonly string[]): Promise<void> {
  const all = listMemberships(ctx.store);
  const rows = meshes === undefined ? all : meshes.map((mesh) => resolveMesh(mesh, all));
  const done = await Promise.allSettled(
    rows.map(async (row) => {
      const feed = await drainFeed(ctx, row);
      await feed?.stop();
    }),
  );
  for (const one of done) if (one.status === "rejected") throw one.reason;
}

async function shut(
  ctx: DeviceContext,
  calls: UnderWay,
  readers: ReadonlySet<Reader>,
): Promise<void> {
  try {
    ctx.checks.stop();
    ctx.sessions.stop();
    ctx.listening.stop();
    await Promise.all([...readers].map((reader) => reader.close()));
    if (calls.size > 0) await stopCalls(ctx, calls);
    await ctx.online.stop();
    ctx.wake.now();
    const queued = new Set(queuedMeshes(ctx.store));
    for (const { mesh, link } of await ctx.links.opened()) {
      const row = getMembership(ctx.store, mesh);
      if (row === undefined) continue;
      try {
        if (queued.has(mesh)) await drainOutbox(ctx, row, link, { budgetMs: closeBudgetMs });
      } catch (error) {
        quietly(error);
      }
    }
    await Promise.all([...ctx.lingering.values()].map((feed) => feed.stop()));
    await ctx.links.close();
    await ctx.links.hangUp();
    await ctx.checks.ended();
    ctx.store.write(() => {
      releaseClaims(ctx.store, ctx.token);
      releaseHanding(ctx.store, ctx.token);
    });
  } finally {
    ctx.store.close();
  }
}

/** Ends what is under way: nothing waits for a broker any more, and what was stored stays. */
async function stopCalls(ctx: DeviceContext, calls: UnderWay): Promise<void> {
  ctx.closing.abort();
  ctx.wake.now();
  await ctx.links.hangUp();
  await calls.settled(endBudgetMs);
}
