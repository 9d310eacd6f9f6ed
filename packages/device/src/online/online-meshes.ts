import { MeshError, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { RunningFeed } from "../feed/run-feed.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { listMemberships } from "../store/memberships.ts";
import { hasReceipts } from "../store/receipt-rows.ts";
import type { LinkStanding } from "./device-events.ts";
import { MeshKeeper } from "./mesh-keeper.ts";
import { orStopped } from "./or-stopped.ts";

/** How often the database is looked at for what other processes of this home wrote. */
const lookMs = 1_000;

/** The meshes whose feeds this device keeps open; none unless it was told to. */
export class OnlineMeshes {
  readonly #keepers = new Map<MeshId, MeshKeeper>();
  /** meshes that are being left */
  readonly #released = new Set<MeshId>();
  #isOn = false;

  /** Begins to keep every mesh of this home open, also those it enters later; settles when `stop` was called. */
  async run(ctx: DeviceContext): Promise<void> {
    if (this.#isOn) throw new MeshError("conflict", "this device is kept online already");
    this.#isOn = true;
    let version = -1;
    let count = -1;
    while (this.#isOn) {
      const seen = { version: ctx.store.version(), count: ctx.wake.count };
      if (seen.version !== version || seen.count !== count) {
        ({ version, count } = seen);
        this.#look(ctx);
      }
      if (ctx.wake.count === count) await ctx.wake.wait(ctx.timer, lookMs);
    }
  }

  /** Ends every connection that is kept, with what is stored acknowledged. */
  async stop(): Promise<void> {
    this.#isOn = false;
    const all = [...this.#keepers.values()];
    this.#keepers.clear();
    await Promise.all(all.map((keeper) => keeper.stop()));
  }

  /** A kept mesh's feed as one of several users has it: stopping it does nothing. Undefined where it is not kept, or held by another process. Throws what connecting throws. */
  async borrow(mesh: MeshId, signal: AbortSignal): Promise<RunningFeed | undefined> {
    const keeper = this.#keepers.get(mesh);
    if (keeper === undefined) return undefined;
    const feed = await orStopped(keeper.feed(), signal);
    if (feed === undefined) return undefined;
    const current = feed.current().then(() => feed.caughtUp);
    const caughtUp = orStopped(current, signal);
    caughtUp.catch(() => {});
    return { ...feed, isShared: true, caughtUp, stop: async () => {} };
  }

  /** A kept mesh's connection, for calls; undefined where it is not kept. Settles with undefined while another process holds the feed. Throws what connecting throws. */
  link(mesh: MeshId): Promise<MeshLink | undefined> | undefined {
    return this.#keepers
      .get(mesh)
      ?.feed()
      .then((feed) => feed?.link);
  }

  /** How each kept connection stands. */
  standings(): ReadonlyMap<MeshId, LinkStanding> {
    return new Map([...this.#keepers].map(([mesh, { standing }]) => [mesh, standing]));
  }

  /** Has a kept mesh connect anew, to where its membership says. */
  async redial(mesh: MeshId): Promise<void> {
    await this.#keepers.get(mesh)?.redial();
  }

  /** Lets go of a mesh that is being left; `resume` keeps it again unless the home has left it. */
  async release(mesh: MeshId): Promise<{ resume(): void }> {
    this.#released.add(mesh);
    const keeper = this.#keepers.get(mesh);
    this.#keepers.delete(mesh);
    await keeper?.stop();
    return { resume: () => this.#released.delete(mesh) };
  }

  #look(ctx: DeviceContext): void {
    const rows = listMemberships(ctx.store);
    const here = new Set(rows.map(({ mesh }) => mesh));
    for (const [mesh, keeper] of this.#keepers) {
      if (here.has(mesh)) continue;
      this.#keepers.delete(mesh);
      void keeper.stop();
    }
    for (const { mesh } of rows) {
      if (this.#released.has(mesh)) continue;
      let keeper = this.#keepers.get(mesh);
      if (keeper === undefined) {
        keeper = new MeshKeeper(ctx, mesh);
        this.#keepers.set(mesh, keeper);
      }
      keeper.pump.wake();
      if (hasReceipts(ctx.store, mesh)) keeper.nudge();
    }
  }
}
