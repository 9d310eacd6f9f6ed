import type { EdgeOpName, MessageId, OpenInput, OpenOutput } from "@claudemesh/protocol";
import { MeshError } from "@claudemesh/protocol";
import { callOp } from "./call-op.ts";
import type { DeviceContext } from "./context.ts";
import type { Log } from "./home/home-folder.ts";
import { confirmShown } from "./inbox/confirm-hand-over.ts";
import { OfferedRows } from "./inbox/offered-rows.ts";
import { tellSenders } from "./inbox/tell-senders.ts";
import { linksUntil } from "./mesh-link/link-access.ts";
import { isUnreachable } from "./mesh-link/links.ts";
import { tracedLinks } from "./mesh-link/traced-links.ts";
import { releaseHanding } from "./store/inbox-rows.ts";
import { releaseClaims } from "./store/outbox-rows.ts";

/** Who calls; what is left out is as the device was opened with. */
export interface ReaderOptions {
  /** the agent session on whose behalf it calls */
  readonly agentSession?: string;
  readonly defaultBroker?: string;
  readonly defaultName?: string;
  readonly log?: Log;
  /** where the caller's own trace stands (W3C `traceparent`) */
  readonly trace?: string;
}

/** One of several callers of a device that stays open: what it was shown, what it waits for and how it ends are its own. */
export interface Reader {
  call<N extends EdgeOpName>(name: N, input: OpenInput<N>): Promise<OpenOutput<N>>;
  /** As `Device.confirmHandOver`, of what this reader was given. */
  confirmHandOver(way?: string, ids?: readonly MessageId[]): Promise<number>;
  /** Ends what its calls wait for, also those to come: each says in its own words that it was stopped. */
  stop(): void;
  /** Stops it, waits a moment for its calls, and gives back what it was shown and has not confirmed. */
  close(): Promise<void>;
}

/** How long calls under way may take to end. */
const endBudgetMs = 1_000;

/** A reader of this device; `token` names its claims and is unique in this home. */
export function openReader(base: DeviceContext, token: string, options: ReaderOptions): Reader {
  const closing = new AbortController();
  const { agentSession, defaultBroker, defaultName, log, trace } = options;
  const ctx: DeviceContext = {
    ...base,
    token,
    closing,
    offered: new OfferedRows(),
    links: linksUntil(tracedLinks(base.links, trace), closing.signal),
    agentSession: agentSession ?? base.agentSession,
    defaultBroker: defaultBroker ?? base.defaultBroker,
    defaultName: defaultName ?? base.defaultName,
    trace,
    log: log ?? base.log,
  };
  const calls = new UnderWay(ctx);
  const stop = () => {
    closing.abort();
    ctx.wake.now();
  };
  return {
    call: (name, input) => calls.watch(() => callOp(ctx, name, input)),
    confirmHandOver: (way = "cli", ids) => calls.watch(() => confirm(ctx, way, ids)),
    stop,
    close: async () => {
      stop();
      await calls.settled(endBudgetMs);
      ctx.store.write(() => {
        releaseClaims(ctx.store, token);
        releaseHanding(ctx.store, token);
      });
      ctx.wake.now();
    },
  };
}

/** Records what was shown and tells the senders; answers how many messages it was. */
export async function confirm(
  ctx: DeviceContext,
  way: string,
  ids: readonly MessageId[] | undefined,
): Promise<number> {
  const count = confirmShown(ctx, way, ids);
  if (count > 0) await tellSenders(ctx);
  return count;
}

/** The calls of one caller that are not settled yet. */
export class UnderWay {
  readonly #ctx: DeviceContext;
  readonly #calls = new Set<Promise<unknown>>();

  constructor(ctx: DeviceContext) {
    this.#ctx = ctx;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Runs a call. What fails because the caller is being closed is `cancelled`. */
  watch<T>(work: () => Promise<T>): Promise<T> {
    const counted = work().catch((error) => {
      throw asStopped(this.#ctx, error);
    });
    this.#calls.add(counted);
    const done = () => this.#calls.delete(counted);
    counted.then(done, done);
    return counted;
  }

  /** Settles when none is left, or after `ms`. */
  async settled(ms: number): Promise<void> {
    if (this.#calls.size === 0) return;
    const late = Promise.withResolvers<void>();
    const cancel = this.#ctx.timer(ms, late.resolve);
    await Promise.race([Promise.allSettled(this.#calls), late.promise]);
    cancel();
  }
}

/** A failure that comes of the caller being closed is no failure of the broker's. */
const asStopped = (ctx: DeviceContext, error: unknown): unknown =>
  ctx.closing.signal.aborted && isUnreachable(error) && !isTold(error)
    ? new MeshError("cancelled", "stopped", { cause: error })
    : error;

const isTold = (error: unknown): boolean =>
  error instanceof MeshError && error.code === "cancelled" && error.message.startsWith("stopped");
