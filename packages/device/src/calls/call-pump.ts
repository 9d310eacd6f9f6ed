import { limits, MeshError, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import {
  type DueCallKey,
  type DueCallRow,
  markDone,
  markOver,
  nextDueCall,
} from "../store/due-call-rows.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { type Came, carryOut } from "./carry-out.ts";
import { isTimeOf } from "./is-time-of.ts";
import { openCall, sealResult } from "./own-call.ts";
import { forgottenBefore } from "./take-call.ts";
import { tellResult } from "./tell-result.ts";

/** The pause after a failure that is not the call's own. */
const retryMs = 30_000;
const leastMs = 1_000;

/** Does what is due for this member in one mesh while its connection is open, one thing after the other, each once. */
export class CallPump {
  readonly #ctx: DeviceContext;
  readonly #mesh: MeshId;
  #link: MeshLink | undefined;
  #isRunning = false;
  #isWanted = false;
  #cancel: (() => void) | undefined;
  #againAt = Number.POSITIVE_INFINITY;

  constructor(ctx: DeviceContext, mesh: MeshId) {
    this.#ctx = ctx;
    this.#mesh = mesh;
  }

  /** A connection is open. */
  begin(link: MeshLink): void {
    this.#link = link;
    this.wake();
  }

  /** The connection is gone. */
  end(): void {
    this.#link = undefined;
    this.#forget();
  }

  /** Something may be due. */
  wake(): void {
    this.#forget();
    if (this.#link === undefined) return;
    this.#isWanted = true;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#isWanted && this.#link !== undefined) {
        this.#isWanted = false;
        await this.#round(this.#link);
      }
    } catch (error) {
      if (this.#link === undefined) return;
      this.#again(error instanceof MeshError ? (error.retryAfterMs ?? retryMs) : retryMs);
      this.#ctx.log("warn", `what is due was not done yet: ${String(error)}`);
    } finally {
      this.#isRunning = false;
    }
  }

  async #round(link: MeshLink): Promise<void> {
    const { store } = this.#ctx;
    const row = getMembership(store, this.#mesh);
    let last: DueCallKey | undefined;
    while (row !== undefined && this.#link === link) {
      const due = nextDueCall(store, this.#mesh, last);
      if (due === undefined) return;
      await this.#one(row, link, due);
      last = due;
    }
  }

  async #one(row: MembershipRow, link: MeshLink, due: DueCallRow): Promise<void> {
    const { store } = this.#ctx;
    const { job, planned } = due;
    let { result } = due;
    if (result === undefined) {
      const claim = await link.client.schedule.claim({ id: job, planned });
      if (claim.isOver) return this.#over(due);
      if (!claim.granted) return this.#again((claim.until ?? 0) - this.#brokerNow(link));
      const { outcome, said, tool } = await this.#do(row, link, due, claim.before);
      const sealed = sealResult(this.#ctx, row, { job, planned, outcome }, { tool, said });
      result = sealed;
      store.write(() => {
        markDone(store, due, sealed);
        tellResult(this.#ctx, due, { tool, said, outcome });
      });
      this.#ctx.wake.now();
    }
    await link.client.schedule.finish({ result });
    this.#over(due);
  }

  /** What came of it, also where it could not be tried. */
  async #do(
    row: MembershipRow,
    link: MeshLink,
    due: DueCallRow,
    wasElsewhere: boolean,
  ): Promise<Came & { readonly tool: string }> {
    const { call, job, planned } = due;
    let tool = "call";
    try {
      const text = openCall(this.#ctx, row, job, call);
      tool = text.tool;
      const late = this.#brokerNow(link) - planned;
      const isNamed = late >= -limits.clockSkewMs && (await isTimeOf(call.entry, planned));
      if (!isNamed) throw new MeshError("malformed", "the broker named a time that is not yours");
      const isMissed = late > limits.callLateMs && due.begunAt === null;
      if (isMissed && call.entry.missed === "skip") {
        const at = new Date(planned).toISOString();
        return { tool, outcome: "skipped", said: `it was due at ${at}, when no device was there` };
      }
      const isLost = () => this.#link !== link;
      return { tool, ...(await carryOut(this.#ctx, row, due, text, { wasElsewhere, isLost })) };
    } catch (error) {
      if (!(error instanceof MeshError) || this.#link !== link) throw error;
      return { tool, outcome: "failed", said: error.message };
    }
  }

  #brokerNow = ({ clockAheadMs }: MeshLink): number => this.#ctx.now() + clockAheadMs;

  #over(due: DueCallKey): void {
    const { store } = this.#ctx;
    store.write(() => markOver(store, due, forgottenBefore(this.#ctx)));
  }

  /** Looks again after so long, or sooner where it is to already. */
  #again(ms: number): void {
    const { now, timer } = this.#ctx;
    const wait = Math.max(ms, leastMs);
    if (now() + wait >= this.#againAt) return;
    this.#cancel?.();
    this.#againAt = now() + wait;
    this.#cancel = timer(wait, () => this.wake());
  }

  #forget(): void {
    this.#cancel?.();
    this.#againAt = Number.POSITIVE_INFINITY;
  }
}
