import { ready } from "@claudemesh/crypto";
import {
  type DeviceApi,
  type EdgeOpName,
  edgeOpNames,
  MeshError,
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
import { sendReceipts } from "./feed/send-receipts.ts";
import { confirmShown } from "./inbox/confirm-hand-over.ts";
import { isUnreachable } from "./mesh-link/links.ts";
import { resolveMesh } from "./names/resolve-mesh.ts";
import { drainOutbox } from "./outbox/drain-outbox.ts";
import { rebase } from "./rebase.ts";
import { releaseHanding } from "./store/inbox-rows.ts";
import { getMembership, listMemberships, type MembershipRow } from "./store/memberships.ts";
import { queuedMeshes, releaseClaims } from "./store/outbox-rows.ts";
import { hasReceipts } from "./store/receipt-rows.ts";
import { type Whoami, whoami } from "./whoami.ts";

/** A member's device in this process. Several may work in one home at a time. */
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

const closeBudgetMs = 2_000;
/** How long calls under way may take to end when the device is closed. */
const endBudgetMs = 1_000;

/** Opens a home as a device. Throws `home_damaged`, `not_writable`, `disk_full`, `upgrade_required`. */
export async function openDevice(options: DeviceOptions): Promise<Device> {
  await ready();
  const ctx = buildContext(options);
  const underWay = new Set<Promise<unknown>>();
  const watched = <T>(work: Promise<T>): Promise<T> => {
    const counted = work.catch((error) => {
      throw asStopped(ctx, error);
    });
    underWay.add(counted);
    const done = () => underWay.delete(counted);
    counted.then(done, done);
    return counted;
  };
  const call = <N extends EdgeOpName>(name: N, input: OpenInput<N>) =>
    watched(callOp(ctx, name, input));
  const api = methodTree<EdgeOpName, { [N in EdgeOpName]: never }>(
    edgeOpNames,
    (name) => ((input: never) => call(name, input)) as never,
  ) as unknown as DeviceApi;
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= shut(ctx, underWay));
  return {
    api,
    call,
    whoami: async () => whoami(ctx),
    drain: (meshes) => watched(drain(ctx, meshes)),
    confirmHandOver: async (way = "cli", ids) => {
      const count = confirmShown(ctx, way, ids);
      if (count > 0) await watched(tellSenders(ctx));
      return count;
    },
    rebase: (mesh, url) => rebase(ctx, mesh, url),
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

/** Sends what is due to senders; what cannot be sent now goes out at the next connection, or by the process that holds the feed. */
async function tellSenders(ctx: DeviceContext): Promise<void> {
  const rows = listMemberships(ctx.store).filter(({ mesh }) => hasReceipts(ctx.store, mesh));
  await Promise.all(rows.map((row) => tellOver(ctx, row).catch(quietly)));
}

async function tellOver(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  const feed = await drainFeed(ctx, row);
  if (feed === undefined) return;
  try {
    await sendReceipts(ctx, row, feed.link.client);
  } finally {
    await feed.stop();
  }
}

async function shut(ctx: DeviceContext, underWay: ReadonlySet<Promise<unknown>>): Promise<void> {
  try {
    if (underWay.size > 0) await stopCalls(ctx, underWay);
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
    ctx.store.write(() => {
      releaseClaims(ctx.store, ctx.token);
      releaseHanding(ctx.store, ctx.token);
    });
  } finally {
    ctx.store.close();
  }
}

/** Ends what is under way: nothing waits for a broker any more, and what was stored stays. */
async function stopCalls(ctx: DeviceContext, underWay: ReadonlySet<Promise<unknown>>) {
  ctx.closing.abort();
  ctx.wake.now();
  await ctx.links.hangUp();
  const late = Promise.withResolvers<void>();
  const cancel = ctx.timer(endBudgetMs, late.resolve);
  await Promise.race([Promise.allSettled(underWay), late.promise]);
  cancel();
}

/** A failure that comes of the device being closed is no failure of the broker's. */
const asStopped = (ctx: DeviceContext, error: unknown): unknown =>
  ctx.closing.signal.aborted && isUnreachable(error) && !isTold(error)
    ? new MeshError("cancelled", "stopped", { cause: error })
    : error;

const isTold = (error: unknown): boolean =>
  error instanceof MeshError && error.code === "cancelled" && error.message.startsWith("stopped");

/** Passes over what the next connection makes good; anything else is a defect and goes on. */
function quietly(error: unknown): void {
  if (error instanceof MeshError && (isUnreachable(error) || error.row.exit !== 8)) return;
  throw error;
}
