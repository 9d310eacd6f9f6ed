import { MeshError, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { drainOutbox } from "../outbox/drain-outbox.ts";
import { getMembership } from "../store/memberships.ts";
import { nextQueuedAt } from "../store/outbox-rows.ts";

const budgetMs = 60_000;
/** The pause after a round that got nothing away although something was due; it doubles up to the most. */
const stuckMs = { first: 1_000, most: 60_000 } as const;

/** Hands queued messages of one mesh over while its connection is open: when told that there may be some, and when the pause of one is over. */
export class OutboxPump {
  readonly #ctx: DeviceContext;
  readonly #mesh: MeshId;
  #link: MeshLink | undefined;
  #isRunning = false;
  #isWanted = false;
  #stuckFor = 0;
  #notBefore = 0;
  #cancel: (() => void) | undefined;

  constructor(ctx: DeviceContext, mesh: MeshId) {
    this.#ctx = ctx;
    this.#mesh = mesh;
  }

  /** A connection is open. */
  begin(link: MeshLink): void {
    this.#link = link;
    this.#stuckFor = 0;
    this.#notBefore = 0;
    this.wake();
  }

  /** The connection is gone. */
  end(): void {
    this.#link = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Something may be queued. */
  wake(): void {
    const { now, timer, store } = this.#ctx;
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#link === undefined) return;
    if (this.#isRunning) {
      this.#isWanted = true;
      return;
    }
    const due = nextQueuedAt(store, this.#mesh, now());
    if (due === undefined) return;
    // A pause that is longer than the longest was begun before the clock stepped back.
    if (this.#notBefore > now() + stuckMs.most) this.#notBefore = 0;
    const wait = Math.max(due, this.#notBefore) - now();
    if (wait > 0) this.#cancel = timer(wait, () => this.wake());
    else void this.#drain(this.#link);
  }

  async #drain(link: MeshLink): Promise<void> {
    const { store, now } = this.#ctx;
    this.#isRunning = true;
    this.#isWanted = false;
    try {
      const row = getMembership(store, this.#mesh);
      if (row !== undefined) await drainOutbox(this.#ctx, row, link, { budgetMs });
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
    } finally {
      this.#isRunning = false;
      const due = this.#link === undefined ? undefined : nextQueuedAt(store, this.#mesh, now());
      const isStuck = due !== undefined && due <= now() && !this.#isWanted;
      this.#stuckFor = isStuck
        ? Math.min(Math.max(stuckMs.first, this.#stuckFor * 2), stuckMs.most)
        : 0;
      this.#notBefore = now() + this.#stuckFor;
      this.wake();
    }
  }
}
