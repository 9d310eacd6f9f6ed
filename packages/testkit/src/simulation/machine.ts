import { join } from "node:path";
import { ready } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import { buildContext } from "../../../device/src/build-context.ts";
import type { DeviceContext } from "../../../device/src/context.ts";
import { type Device, deviceOver } from "../../../device/src/device.ts";
import type { Seeded } from "../faults/seeded.ts";
import type { Bug } from "./bugs.ts";
import { crashImage } from "./disk.ts";
import type { SimNetwork } from "./network.ts";
import { seededBytes } from "./seeded-bytes.ts";
import { SimProcess } from "./sim-process.ts";
import { simConnect } from "./sim-socket.ts";
import { Trap } from "./trap.ts";
import type { World } from "./world.ts";

export interface MachineOptions {
  readonly world: World;
  readonly network: SimNetwork;
  readonly name: string;
  readonly folder: string;
  readonly url: string;
  readonly bug: Bug | undefined;
  /** what the member does with its device, from the start of one to its death or `isEnding` */
  readonly live: (run: Run) => Promise<void>;
  readonly died: (run: Run) => void;
}

/** One run of the device's program. */
export interface Run {
  readonly machine: Machine;
  readonly process: SimProcess;
  readonly device: Device;
  readonly ctx: DeviceContext;
}

const unlimited = 1_073_741_823;

/** A member's machine: one home and the device that runs in it, until it is killed and started anew. */
export class Machine {
  readonly name: string;
  readonly trap = new Trap();
  readonly #options: MachineOptions;
  readonly #random: Seeded;
  readonly #zombies: DeviceContext[] = [];
  #run: Run | undefined;
  #living: Promise<void> = Promise.resolve();
  #crashes = 0;
  #runs = 0;
  #offsetMs = 0;
  /** how likely what this device sends is repeated by the network */
  repeats = 0;
  isEnding = false;

  constructor(options: MachineOptions) {
    this.name = options.name;
    this.#options = options;
    this.#random = options.world.fork();
  }

  /** where the home is now; each crash moves it, so that the dead cannot write to it */
  get home(): string {
    return join(this.#options.folder, `${this.name}-${this.#crashes}`);
  }

  get run(): Run | undefined {
    return this.#run;
  }

  /** settles when the member has ended what it was doing; never after a crash */
  get living(): Promise<void> {
    return this.#living;
  }

  setClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  setFull(isFull: boolean): void {
    const store = this.#run?.ctx.store;
    const pages = store?.get<{ page_count: number }>("PRAGMA page_count")?.page_count;
    store?.get(`PRAGMA max_page_count = ${isFull ? pages : unlimited}`);
  }

  /** Opens the device. */
  async start(): Promise<Run> {
    await ready();
    const { world, url } = this.#options;
    this.#runs += 1;
    const process = new SimProcess(world, `${this.name}#${this.#runs}`);
    const ctx = this.#context(process, url);
    const run: Run = { machine: this, process, ctx, device: deviceOver(ctx) };
    this.#run = run;
    world.note(`${process.name} starts`);
    this.#living = Promise.resolve();
    return run;
  }

  /** Lets the member go about its business with the open device. */
  begin(): void {
    if (this.#run !== undefined) this.#living = this.#options.live(this.#run);
  }

  /** Opens the device, and the member goes on. */
  async resume(): Promise<void> {
    await this.start();
    this.begin();
  }

  /** `power`: the machine goes dark; else only the device's process is killed. Commits are synced, so the disk is the same either way. */
  kill(power: boolean): void {
    const run = this.#run;
    if (run === undefined) return;
    const { world, died } = this.#options;
    world.note(`${run.process.name} ${power ? "loses power" : "is killed"}`);
    const from = this.home;
    this.#crashes += 1;
    crashImage(from, this.home);
    this.#run = undefined;
    this.trap.clear();
    died(run);
    run.process.die(!power);
    this.#zombies.push(run.ctx);
  }

  /** Closes the device in order. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    this.#options.world.note(`${run.process.name} stops`);
    await run.device.close();
    run.process.die(true);
    if (this.#run === run) this.#run = undefined;
  }

  bury(): void {
    for (const ctx of this.#zombies.splice(0)) ctx.store.close();
  }

  #context(process: SimProcess, url: string): DeviceContext {
    const { world, network, bug } = this.#options;
    const pass = (name: string) => process.alive && this.trap.pass(name);
    const bytes = seededBytes(this.#random.fork());
    const ctx = buildContext({
      home: this.home,
      now: () => {
        pass("now");
        return world.wallClock(this.#offsetMs);
      },
      random: (length) => {
        pass("random");
        return bytes(length);
      },
      timer: (ms, fn) =>
        process.after(ms, () => {
          pass("timer");
          if (process.alive) fn();
        }),
      defaultName: this.name,
      defaultBroker: url,
      connect: simConnect({
        process,
        dial: () => network.dial(this.name, process),
        random: this.#random.fork(),
        pass,
        repeats: () => this.repeats,
        acksEarly: bug === "early-ack",
      }),
    });
    // All machines share this system process: whether a claim's holder lives is told by the simulation.
    const token = `${process.name}:`;
    const isClaimLive = (claim: string) => claim.startsWith(token) && process.alive;
    return { ...ctx, token, isClaimLive };
  }
}

/** Whether an error came of the process's own death. */
export const isOfDeath = (run: Run, error: unknown): boolean =>
  !run.process.alive || (error instanceof MeshError && error.code === "cancelled");
