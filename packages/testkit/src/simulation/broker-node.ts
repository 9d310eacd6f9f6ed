import { join } from "node:path";
import { type Broker, createBroker, createLogger, loadConfig } from "@claudemesh/broker";
import type { Store } from "../../../../apps/broker/src/store/port.ts";
import { openSqliteStore } from "../../../../apps/broker/src/store/sqlite/open.ts";
import { withEarlyReply } from "../chaos/early-reply.ts";
import { withFailpoints } from "../faults/broker-failpoints.ts";
import type { Seeded } from "../faults/seeded.ts";
import type { Bug } from "./bugs.ts";
import { crashImage, tearLog } from "./disk.ts";
import type { PipeEnd } from "./pipe.ts";
import { seededBytes } from "./seeded-bytes.ts";
import { SimProcess } from "./sim-process.ts";
import { Trap } from "./trap.ts";
import type { World } from "./world.ts";
import { SimWriterThread } from "./writer-thread.ts";

export interface BrokerNodeOptions {
  readonly world: World;
  readonly folder: string;
  readonly url: string;
  readonly bug: Bug | undefined;
  /** told what the broker's log calls an error */
  readonly complain: (text: string) => void;
}

interface Running {
  readonly process: SimProcess;
  readonly broker: Broker;
  readonly store: Store;
  readonly thread: SimWriterThread;
}

const fast = { perSecond: 100_000, burst: 100_000 };

/** The broker's machine: a real broker on a real store, whose process and disk die when they are told to. */
export class BrokerNode {
  readonly trap = new Trap();
  readonly #options: BrokerNodeOptions;
  readonly #random: Seeded;
  readonly #zombies: Running[] = [];
  #running: Running | undefined;
  #runs = 0;
  #offsetMs = 0;

  constructor(options: BrokerNodeOptions) {
    this.#options = options;
    this.#random = options.world.fork();
  }

  get isUp(): boolean {
    return this.#running !== undefined;
  }

  /** where the store is now; each crash moves it, so that the dead cannot write to it */
  get folder(): string {
    return join(this.#options.folder, `broker-${this.#runs}`);
  }

  setClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  setFull(isFull: boolean): void {
    this.#running?.thread.setFull(isFull);
  }

  accept(end: PipeEnd): boolean {
    if (this.#running === undefined) return false;
    this.#running.process.owns(end);
    this.#running.broker.accept(end);
    return true;
  }

  async start(): Promise<void> {
    const { world, url, bug, complain } = this.#options;
    const process = new SimProcess(world, `broker#${this.#runs}`);
    const now = () => world.wallClock(this.#offsetMs);
    let thread: SimWriterThread | undefined;
    const opening = openSqliteStore({
      folder: this.folder,
      now,
      spawnWriter: (path, commitLimit) => {
        thread = new SimWriterThread({
          path,
          commitLimit,
          process,
          random: this.#random.fork(),
          syncs: bug !== "no-sync",
          ...(bug === "no-dedupe"
            ? { beforeBatch: (db) => db.exec("DELETE FROM idempotency") }
            : {}),
        });
        return thread;
      },
      log: (event, cause) => process.alive && complain(`${event}: ${String(cause)}`),
    });
    const real = await opening;
    if (thread === undefined) throw new Error("the store started no writer");
    const { after, every } = process;
    const early = bug === "early-reply" ? withEarlyReply(real, after) : real;
    const store = withFailpoints(early, (name) => process.alive && this.trap.pass(name));
    const broker = await createBroker(this.#config(url), {
      store,
      now,
      random: seededBytes(this.#random.fork()),
      timer: { after, every },
      checkOutput: true,
      log: createLogger({
        level: "error",
        now,
        write: (line) => process.alive && complain(line),
      }),
    });
    this.#running = { process, broker, store, thread };
    world.note("broker starts");
  }

  /** `power`: the machine goes dark, and with it whatever was not on stable storage; else only the process is killed. */
  kill(power: boolean): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#options.world.note(`broker ${power ? "loses power" : "is killed"}`);
    const from = this.folder;
    this.#runs += 1;
    crashImage(from, this.folder);
    if (power) {
      const torn = seededBytes(this.#random.fork())(this.#random.pick([0, 100, 4_120, 9_000]));
      tearLog(join(this.folder, "broker.db-wal"), running.thread.syncedBytes, torn);
    }
    this.#running = undefined;
    this.trap.clear();
    running.process.die(!power);
    this.#zombies.push(running);
  }

  /** Stops it in order, as an operator does. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#options.world.note("broker stops");
    await running.broker.stop();
    running.process.die(true);
    if (this.#running === running) this.#running = undefined;
  }

  /** Closes what the dead left open. */
  async bury(): Promise<void> {
    for (const { thread, store } of this.#zombies.splice(0)) {
      thread.kill();
      await store.close();
    }
  }

  #config(publicUrl: string) {
    return loadConfig({
      overrides: {
        dataDir: this.folder,
        publicUrl,
        rateJoin: fast,
        rateMessage: fast,
        rateRead: fast,
        rateReceipt: fast,
        rateWrite: fast,
        logLevel: "error",
      },
    });
  }
}
