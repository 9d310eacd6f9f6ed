import type { AgentsContext } from "./agents-context.ts";

/** How long a hook may take from our answer to the end of its printing. */
const patienceMs = 3_000;

/** Hooks that were answered with messages and have not said that they printed them. */
export class HookCalls {
  readonly #ctx: AgentsContext;
  readonly #open = new Map<string, { readonly delivery: string; readonly cancel: () => void }>();

  constructor(ctx: AgentsContext) {
    this.#ctx = ctx;
  }

  /** Waits for the word of this call; where it does not come, it is in doubt whether the agent saw the messages. */
  expect(call: string, delivery: string): void {
    const cancel = this.#ctx.timer(patienceMs, () => {
      this.#open.delete(call);
      this.#ctx.device.handOver.release(delivery, true);
    });
    this.#open.set(call, { delivery, cancel });
  }

  done(call: string): void {
    const open = this.#open.get(call);
    if (open === undefined) return;
    this.#open.delete(call);
    open.cancel();
    this.#ctx.device.handOver.confirm(open.delivery);
  }
}
