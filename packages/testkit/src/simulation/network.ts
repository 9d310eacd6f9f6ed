import type { Seeded } from "../faults/seeded.ts";
import { PipeEnd, type Way } from "./pipe.ts";
import type { SimProcess } from "./sim-process.ts";
import type { World } from "./world.ts";

/** Takes the far end of a new connection; false when nobody listens. */
export type Listener = (end: PipeEnd) => boolean;

interface Line extends Way {
  refused: boolean;
  readonly ends: Set<PipeEnd>;
}

const good = (): Way => ({
  delayMs: 1,
  jitterMs: 2,
  bytesPerSecond: 0,
  stalled: false,
  silent: false,
});

/** The ways from every machine to the broker, each of which can be harmed by itself. */
export class SimNetwork {
  readonly #world: World;
  readonly #random: Seeded;
  readonly #lines = new Map<string, Line>();
  readonly #listen: Listener;

  constructor(world: World, listen: Listener) {
    this.#world = world;
    this.#random = world.fork();
    this.#listen = listen;
  }

  /** Connects a process of a machine to the broker; like a system's socket, it fails later if at all. */
  dial(machine: string, process: SimProcess): PipeEnd {
    const line = this.line(machine);
    const [near, far] = PipeEnd.pair(this.#world, this.#random, line);
    process.owns(near);
    line.ends.add(near);
    near.once("close", () => line.ends.delete(near));
    // A silent way lets the dial run into its own time limit.
    if (line.silent) return near;
    this.#world.after(line.delayMs + this.#random.fraction() * line.jitterMs, () => {
      if (near.destroyed) return;
      if (!line.refused && this.#listen(far)) return;
      near.destroy(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
    });
    return near;
  }

  line(machine: string): Line {
    let line = this.#lines.get(machine);
    if (line === undefined) {
      line = { ...good(), refused: false, ends: new Set() };
      this.#lines.set(machine, line);
    }
    return line;
  }

  harm(machine: string, harm: Partial<Way & { refused: boolean }>): void {
    Object.assign(this.line(machine), harm);
  }

  heal(machine: string): void {
    Object.assign(this.line(machine), good(), { refused: false });
  }

  cut(machine: string): void {
    for (const end of [...this.line(machine).ends]) end.cut();
  }
}
