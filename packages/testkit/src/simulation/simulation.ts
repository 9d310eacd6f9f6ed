import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { homePaths } from "../../../device/src/home/paths.ts";
import type { Alarm, Said } from "../chaos/device-verbs.ts";
import type { Seeded } from "../faults/seeded.ts";
import { History } from "../history/history.ts";
import { BrokerNode } from "./broker-node.ts";
import type { Bug } from "./bugs.ts";
import { newScratch } from "./disk.ts";
import { Machine, type Run } from "./machine.ts";
import { live, type MemberParts } from "./member.ts";
import { SimNetwork } from "./network.ts";
import { World } from "./world.ts";

export interface SimulationOptions {
  /** unsigned 32-bit integer */
  readonly seed: number;
  readonly bug?: Bug | undefined;
}

const everyone = ["alice", "bob", "carol", "dave", "erin"] as const;
const url = "http://broker.test:7900";
const minute = 60_000;

/** A broker and its members' machines in one process, in virtual time. */
export class Simulation {
  readonly folder = newScratch();
  readonly world: World;
  readonly history: History;
  readonly alarms: (Alarm & { readonly process: string })[] = [];
  readonly findings: string[] = [];
  readonly broker: BrokerNode;
  readonly network: SimNetwork;
  readonly machines: readonly Machine[];
  readonly random: Seeded;
  readonly bug: Bug | undefined;
  /** what was done and suffered, counted */
  readonly tried = new Map<string, number>();
  /** error codes that the faults of this run explain */
  readonly explained = new Set<string>();
  readonly #joined: string[] = [];
  #values = 0;

  constructor({ seed, bug }: SimulationOptions) {
    const world = new World(seed);
    this.world = world;
    this.bug = bug;
    this.history = new History(() => Math.round(world.now));
    this.random = world.fork();
    this.broker = new BrokerNode({
      world,
      folder: this.folder,
      url,
      bug,
      complain: (text) => this.#complain(text),
    });
    this.network = new SimNetwork(world, (end) => this.broker.accept(end));
    const names = everyone.slice(0, this.random.pick([3, 3, 3, 4, 5]));
    this.machines = names.map((name) => this.#machine(name));
  }

  get names(): readonly string[] {
    return this.machines.map(({ name }) => name);
  }

  home(name: string): string {
    return this.#named(name).home;
  }

  count(what: string): void {
    this.tried.set(what, (this.tried.get(what) ?? 0) + 1);
  }

  take(process: string, said: Said): void {
    if (said.kind !== "alarm") this.history.record(process, said);
    else if (!this.explained.has(said.code)) this.alarms.push({ process, ...said });
  }

  /** Founds the mesh and lets everyone in but the last, who joins under way. */
  async found(): Promise<void> {
    await this.broker.start();
    const [owner, ...others] = this.machines as [Machine, ...Machine[]];
    const { device } = await owner.start();
    await device.api.mesh.create({ name: "Simulation" });
    this.#joined.push(owner.name);
    for (const machine of others.slice(0, -1)) {
      const { link } = await device.api.invite.create({});
      const run = await machine.start();
      await run.device.api.invite.claim({ invite: link });
      this.#joined.push(machine.name);
    }
    for (const machine of this.machines) await machine.run?.device.drain();
  }

  /** The last member joins, however often that has to be tried. */
  async joinLate(): Promise<void> {
    const [owner, late] = [this.machines[0] as Machine, this.machines.at(-1) as Machine];
    this.count("late join");
    // Who cannot ask the broker does not know of the new member yet.
    this.explained.add("no_recipient");
    const link = await this.#until(async () => {
      const made = await owner.run?.device.api.invite.create({ uses: 5 });
      return made?.link;
    });
    await this.#until(async () => {
      const run = late.run ?? (await late.start());
      const isIn = run.ctx.store.get("SELECT 1 FROM membership") !== undefined;
      if (!isIn) await run.device.api.invite.claim({ invite: link });
      if (!run.process.alive) return undefined;
      this.#joined.push(late.name);
      late.begin();
      return true;
    });
  }

  has(name: string): boolean {
    return this.#joined.includes(name);
  }

  /** Closes and removes everything. */
  async end(): Promise<void> {
    for (const machine of this.machines) machine.kill(false);
    this.broker.kill(false);
    this.world.end();
    await this.world.passUntil(Promise.resolve(), minute);
    for (const machine of this.machines) machine.bury();
    await this.broker.bury();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Tries until there is an answer; what a dead device was asked never gets one, so each try has its time. */
  async #until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const late = this.world.pause(minute).then(() => undefined);
      const got = await Promise.race([attempt().catch(() => undefined), late]);
      if (got !== undefined) return got;
      await this.world.pause(1_000);
    }
  }

  #machine(name: string): Machine {
    const parts: MemberParts = {
      random: this.random.fork(),
      bug: this.bug,
      peers: () => this.#joined,
      say: (process, said) => this.take(process, said),
      nextValue: () => `${name}.${++this.#values}`,
      claimed: (run, claim) => this.#compare(run, claim),
      tried: (what) => this.count(what),
    };
    const { world, network, folder, bug } = this;
    return new Machine({
      ...{ world, network, name, folder, url, bug },
      live: (run) => live(run, parts),
      died: (run) => this.history.ended(run.process.name),
    });
  }

  /** A sender that believes a receipt must be right: what the recipient's disk says is compared at once. */
  #compare({ process }: Run, { id, to, state }: { id: string; to: string; state: string }): void {
    if (state !== "stored" && state !== "offered") return;
    const home = this.machines.find(({ name }) => name === to)?.home;
    if (home === undefined) return;
    const db = new DatabaseSync(homePaths(home).database, { readOnly: true });
    const row = db.prepare("SELECT handed_at FROM inbox WHERE id = ?").get(id);
    db.close();
    if (row === undefined || (state === "offered" && row.handed_at === null)) {
      this.findings.push(`${process.name} takes ${id} for ${state} at ${to}, which is not so`);
    }
  }

  #complain(line: string): void {
    const isExplained = [...this.explained].some((code) => line.includes(code));
    if (!isExplained) this.findings.push(`the broker complains: ${line.slice(0, 600)}`);
  }

  #named(name: string): Machine {
    const machine = this.machines.find((one) => one.name === name);
    if (machine === undefined) throw new Error(`nobody is called ${name}`);
    return machine;
  }

  get brokerFolder(): string {
    return this.broker.folder;
  }
}
