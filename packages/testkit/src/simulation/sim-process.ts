import type { PipeEnd } from "./pipe.ts";
import type { World } from "./world.ts";

/**
 * One run of a program. Once it is dead its timers do not fire, its sockets carry nothing and what it says is not heard; what its code still does in the turn
 * in which it died reaches only files that nobody reads any more.
 */
export class SimProcess {
  readonly world: World;
  readonly name: string;
  readonly #ends = new Set<PipeEnd>();
  alive = true;

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  readonly after = (ms: number, fn: () => unknown): (() => void) =>
    this.world.after(ms, () => (this.alive ? fn() : undefined));

  readonly every = (ms: number, fn: () => void): (() => void) => {
    let cancel = () => {};
    const arm = () => {
      cancel = this.after(ms, () => {
        arm();
        fn();
      });
    };
    arm();
    return () => cancel();
  };

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  owns(end: PipeEnd): void {
    this.#ends.add(end);
    end.once("close", () => this.#ends.delete(end));
  }

  /** `tellsPeers`: its machine lives on and ends its connections; without it they go silent, as after a power cut. */
  die(tellsPeers: boolean): void {
    if (!this.alive) return;
    this.alive = false;
    for (const end of [...this.#ends]) end.abandon(tellsPeers);
  }
}
