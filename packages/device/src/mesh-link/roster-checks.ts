import { Roster, type Vouched } from "@claudemesh/crypto";
import { MeshError, type MeshId, type RosterCheck } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";

/** Entries verified between two moments in which others have their turn: a few milliseconds. */
const atOnce = 12;
/** Entries read at once, and after which it is noted how far it is. */
const perNote = 504;

/** Verifies behind the first page what a home took up on its inviter's word: signatures and rules from genesis, a few entries at a time. */
export class RosterChecks {
  readonly #ctx: () => DeviceContext;
  readonly #checking = new Set<MeshId>();
  readonly #running = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  constructor(ctx: () => DeviceContext) {
    this.#ctx = ctx;
  }

  /** Whether the device is being closed: what goes on in small steps ends at the next. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Begins or goes on where the last process ended. */
  begin(mesh: MeshId): void {
    if (this.#isStopped || this.#checking.has(mesh)) return;
    this.#checking.add(mesh);
    this.beside(this.#run(mesh).finally(() => this.#checking.delete(mesh)));
  }

  /** Has work of that kind waited for when the device is closed. */
  beside(work: Promise<void>): void {
    const run = work
      .catch((error) =>
        this.#ctx().log("warn", `what goes on behind a join failed: ${String(error)}`),
      )
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Ends what is under way; it goes on in the next process. */
  stop(): void {
    this.#isStopped = true;
    for (const goOn of this.#waiting) goOn();
  }

  /** Settles when nothing is under way any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Lets everyone else of the process go first; nobody waits for a turn once the device is being closed. */
  async turn(): Promise<void> {
    if (this.#isStopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const cancel = this.#ctx().timer(0, resolve);
    await promise;
    this.#waiting.delete(resolve);
    cancel();
  }

  async #run(mesh: MeshId): Promise<void> {
    const { rosters } = this.#ctx();
    await this.turn();
    const begun = this.#isStopped ? undefined : rosters.vouched(mesh);
    if (begun === undefined || begun.failed !== undefined) return;
    const roster = this.#upTo(mesh, begun);
    while (!this.#isStopped) {
      const { seq } = roster.head;
      const limit = Math.min(perNote, begun.head.seq - seq);
      const news = rosters.stretch(mesh, { after: seq, limit });
      for (let from = 0; from < news.length && !this.#isStopped; from += atOnce) {
        try {
          roster.append(news.slice(from, from + atOnce));
        } catch (error) {
          if (!(error instanceof MeshError)) throw error;
          return await this.#alarm(mesh, begun, roster, error);
        }
        await this.turn();
      }
      // It was given up, or another process of this home has seen to its end.
      if (this.#isStopped || rosters.vouched(mesh) === undefined) return;
      if (roster.head.seq >= begun.head.seq) return rosters.endVouched(mesh, begun.head);
      if (news.length === 0) return;
      rosters.noteVouched(mesh, { head: begun.head, done: roster.head });
    }
  }

  /** What was verified before, by its hashes. */
  #upTo(mesh: MeshId, { done }: Vouched): Roster {
    const { rosters } = this.#ctx();
    return Roster.resume(rosters.stretch(mesh, { after: -1, limit: done.seq + 1 }), done, mesh);
  }

  async #alarm(mesh: MeshId, { head }: Vouched, roster: Roster, error: MeshError): Promise<void> {
    const ctx = this.#ctx();
    const seq = roster.head.seq + 1;
    const failed = { seq, why: error.message };
    ctx.rosters.noteVouched(mesh, { head, done: roster.head, failed });
    const { message = "", hint = "" } = ctx.rosters.heldBy(mesh) ?? {};
    ctx.log("warn", `${message}; ${hint}`);
    await ctx.lingering.get(mesh)?.stop();
    await ctx.links.end(mesh);
    await ctx.online.redial(mesh);
    ctx.wake.now();
  }
}

/** How far a mesh's roster was verified; undefined where all of it was. */
export function rosterCheckOf({ rosters }: DeviceContext, mesh: MeshId): RosterCheck | undefined {
  const vouched = rosters.vouched(mesh);
  if (vouched === undefined) return undefined;
  const alarm = rosters.heldBy(mesh)?.message;
  const { seq } = rosters.seen(mesh).head;
  const said = { verified: vouched.done.seq + 1 + (seq - vouched.head.seq), of: seq + 1 };
  return alarm === undefined ? said : { ...said, alarm };
}
