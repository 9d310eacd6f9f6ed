import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@claudemesh/crypto";
import { type Device, openDevice } from "@claudemesh/device";
import { FaultProxy } from "../faults/fault-proxy.ts";
import type { Seeded } from "../faults/seeded.ts";
import { systemTimer } from "../faults/system-timer.ts";
import { History } from "../history/history.ts";
import type { Alarm, DeviceBug, Said } from "./device-verbs.ts";
import type { BrokerBug, BrokerOrders, DeviceOrders } from "./orders.ts";
import { Target } from "./target.ts";

export interface GroundOptions {
  readonly names: readonly string[];
  readonly random: Seeded;
  /** mean pause of each sender between two messages */
  readonly gapMs: number;
  readonly bug?: BrokerBug | DeviceBug | undefined;
  /** progress, one line at a time */
  readonly progress: (line: string) => void;
}

const program = (name: string) => join(import.meta.dirname, `${name}-process.ts`);

/** A broker process behind a fault proxy, and devices with homes and processes of their own, in a temporary folder. */
export class ChaosGround implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "claudemesh-chaos-"));
  readonly history = new History(Date.now);
  readonly alarms: (Alarm & { readonly process: string })[] = [];
  readonly proxy: FaultProxy;
  readonly broker: Target;
  readonly devices: readonly Target[];
  readonly options: GroundOptions;
  /** how the processes ended, counted */
  readonly endings = new Map<string, number>();
  readonly #port: { now: number };

  private constructor(options: GroundOptions, proxy: FaultProxy, port: { now: number }) {
    this.options = options;
    this.proxy = proxy;
    this.#port = port;
    this.broker = this.#brokerTarget();
    this.devices = options.names.map((name) => this.#deviceTarget(name));
  }

  /** Starts proxy and broker, and makes a mesh with everyone in it; devices are not running yet. */
  static async start(options: GroundOptions): Promise<ChaosGround> {
    const port = { now: 0 };
    const proxy = await FaultProxy.start({
      target: () => port.now,
      random: options.random.fork(),
      now: Date.now,
      timer: systemTimer,
    });
    const ground = new ChaosGround(options, proxy, port);
    try {
      await ground.broker.start();
      await ground.#found();
      return ground;
    } catch (error) {
      await ground[Symbol.asyncDispose]();
      throw error;
    }
  }

  get names(): readonly string[] {
    return this.options.names;
  }

  home(name: string): string {
    return join(this.folder, name);
  }

  get brokerFolder(): string {
    return join(this.folder, "broker");
  }

  /** A device of that home, in this process. */
  open(name: string): Promise<Device> {
    return openDevice({
      home: this.home(name),
      now: Date.now,
      random: systemRandom,
      defaultName: name,
      defaultBroker: this.proxy.url,
    });
  }

  take(process: string, said: Said): void {
    if (said.kind === "alarm") {
      this.alarms.push({ process, ...said });
      this.options.progress(`alarm at ${process}: ${said.code}: ${said.text}`);
    } else {
      this.history.record(process, said);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const target of [...this.devices, this.broker]) {
      if (target.isRunning) await target.child.kill();
    }
    await this.proxy[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #found(): Promise<void> {
    const [first = "", ...others] = this.options.names;
    await using owner = await this.open(first);
    await owner.api.mesh.create({ name: "Chaos" });
    for (const name of others) {
      const { link } = await owner.api.invite.create({});
      await using device = await this.open(name);
      await device.api.invite.claim({ invite: link });
    }
    await owner.close();
    // Everyone knows everyone before the first fault: a name that nobody has told a device yet is refused, and rightly.
    for (const name of this.options.names) {
      await using device = await this.open(name);
      await device.api.member.list({});
    }
  }

  #brokerTarget(): Target {
    return new Target({
      name: "broker",
      program: program("broker"),
      orders: (_, failpoint): BrokerOrders => ({
        folder: this.brokerFolder,
        publicUrl: this.proxy.url,
        failpoint,
        ...(this.options.bug === "early-reply" ? { bug: this.options.bug } : {}),
      }),
      said: (_, line) => {
        this.#port.now = (line as { port: number }).port;
      },
      ended: (process, how) => this.#ended("broker", process, how),
    });
  }

  #deviceTarget(name: string): Target {
    const { names, gapMs, random, bug } = this.options;
    return new Target({
      name,
      program: program("device"),
      orders: (run, failpoint): DeviceOrders => ({
        home: this.home(name),
        name,
        peers: names.filter((other) => other !== name),
        run,
        seed: random.below(2 ** 32),
        gapMs,
        failpoint,
        ...(bug === undefined || bug === "early-reply" ? {} : { bug }),
      }),
      said: (process, line) => this.take(process, line as Said),
      ended: (process, how) => {
        this.history.ended(process);
        this.#ended("device", process, how);
      },
    });
  }

  /** A process that neither was killed nor ended in order has crashed, which no fault explains. */
  #ended(kind: string, process: string, how: string): void {
    const ending = `${kind}: ${how}`;
    this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1);
    if (["SIGKILL", "SIGTERM", "code 0"].includes(how)) return;
    this.take(process, { kind: "alarm", code: "crashed", text: `it ended with ${how}` });
  }
}
