import { join } from "node:path";
import { systemRandom } from "@claudemesh/crypto";
import { type LocalDevice, openDevice } from "@claudemesh/device";
import type { MeshId } from "@claudemesh/protocol";
import type { SocketLike } from "@claudemesh/sdk";
import WebSocket from "ws";
import { isUnreachable } from "../../../device/src/mesh-link/links.ts";
import { type Alarm, alarmOf, readSome, type Said, sendOne } from "../chaos/device-verbs.ts";
import { History } from "../history/history.ts";
import type { Cluster } from "./cluster.ts";

export const names = ["alice", "bob", "carol"] as const;

/** calls of one person that are under way at a time */
const lanes = 2;
const shortPauseMs = 25;
const someMessages = 3;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Does again what nodes have not answered in time, as they may where the machine has other things to do; what never works is the test's time-out. */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      await sleep(shortPauseMs);
    }
  }
}

/** People of one mesh with real homes, each at the front of another node, who write to each other; everything they say is in one history. */
export class People implements AsyncDisposable {
  readonly history = new History(Date.now);
  readonly alarms: (Alarm & { readonly process: string })[] = [];
  readonly names: readonly string[] = names;
  readonly #cluster: Cluster;
  readonly #devices = new Map<string, LocalDevice>();
  /** shown to whom they are for, or definitely not sent */
  readonly #settled = new Set<string>();
  /** how many messages of each were acknowledged since people began to write */
  readonly #acknowledged = new Map<string, number>();
  #told = Promise.withResolvers<void>();
  #reading: Promise<unknown> = Promise.resolve();
  #isClosing = false;
  #count = 0;
  #mesh: MeshId | undefined;

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Makes the mesh, and has everyone read from now on. */
  static async meet(cluster: Cluster): Promise<People> {
    const people = new People(cluster);
    for (const name of names) people.#devices.set(name, await people.#open(name));
    const [owner, ...others] = [...people.#devices.values()] as [LocalDevice, ...LocalDevice[]];
    const { id } = await patiently(() => owner.api.mesh.create({ name: "Cluster" }));
    people.#mesh = id as MeshId;
    for (const device of others) {
      const { link } = await patiently(() => owner.api.invite.create({}));
      await patiently(() => device.api.invite.claim({ invite: link }));
    }
    for (const device of people.#devices.values()) {
      device.keepOnline();
      await patiently(() => device.api.member.list({}));
    }
    people.#reading = Promise.all(names.map((name) => people.#read(name)));
    return people;
  }

  /** The one that they are in; a try that nobody was told of may have made another. */
  get mesh(): MeshId | undefined {
    return this.#mesh;
  }

  home(name: string): string {
    return join(this.#cluster.folder, name);
  }

  take(process: string, said: Said): void {
    if (said.kind === "alarm") {
      // A node whose clock is off is refused in words, as it should be; what was refused has failed.
      if (said.code !== "clock_skew") this.alarms.push({ process, ...said });
      return;
    }
    this.history.record(process, said);
    if (said.kind === "acknowledged") {
      this.#acknowledged.set(process, (this.#acknowledged.get(process) ?? 0) + 1);
    }
    if (said.kind === "shown" || said.kind === "failed") this.#settled.add(said.value);
    this.#told.resolve();
  }

  /** These write to all others until told to stop; answers the values that were attempted. */
  async write(writers: readonly string[], until: AbortSignal): Promise<string[]> {
    const values: string[] = [];
    this.#acknowledged.clear();
    const lane = async (name: string) => {
      while (!until.aborted) {
        const others = names.filter((other) => other !== name);
        this.#count += 1;
        const value = `v${this.#count}`;
        values.push(value);
        const to = others[this.#count % others.length] as string;
        await sendOne(this.#parts(name), { to, value, length: 40 });
        await sleep(shortPauseMs);
      }
    };
    await Promise.all(writers.flatMap((name) => Array.from({ length: lanes }, () => lane(name))));
    return values;
  }

  /** Settles when each of these has had some messages acknowledged since they began to write. */
  async busy(writers: readonly string[]): Promise<void> {
    const isBusy = (name: string) => (this.#acknowledged.get(name) ?? 0) >= someMessages;
    while (!writers.every(isBusy)) await this.#more();
  }

  /** Settles when all of these were shown or refused, or after so long. */
  async settled(values: readonly string[], withinMs: number): Promise<void> {
    const late = Promise.withResolvers<true>();
    const timer = setTimeout(() => late.resolve(true), withinMs);
    while (values.some((value) => !this.#settled.has(value))) {
      if (await Promise.race([late.promise, this.#more()])) break;
    }
    clearTimeout(timer);
  }

  /** Ends the readers, then sends and reads what is still under way, and closes the homes. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#reading;
    for (const [name, device] of this.#devices) {
      await patiently(() => device.drain());
      while ((await readSome(this.#parts(name))).shown > 0);
    }
    // Receipts of what the others were shown last.
    for (const device of this.#devices.values()) await patiently(() => device.drain());
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    for (const device of this.#devices.values()) await device.close();
    await this.#reading;
  }

  /** Settles at the next thing that is said. */
  async #more(): Promise<void> {
    this.#told = Promise.withResolvers();
    await this.#told.promise;
  }

  #parts(name: string) {
    const device = this.#devices.get(name) as LocalDevice;
    const say = (said: Said) => this.take(name, said);
    return { device, name, say, pass: () => {}, look: async () => {}, bug: undefined };
  }

  async #read(name: string): Promise<void> {
    while (!this.#isClosing) {
      try {
        await readSome(this.#parts(name), "1s");
      } catch (error) {
        const alarm = alarmOf(error);
        if (alarm && !this.#isClosing) this.take(name, alarm);
        await sleep(shortPauseMs);
      }
    }
  }

  /** A device that dials the front of its own node under the address that all nodes have. */
  #open(name: (typeof names)[number]): Promise<LocalDevice> {
    const { fronts, url } = this.#cluster;
    const front = fronts[names.indexOf(name) % fronts.length];
    const { host } = new URL(url);
    const connect = (at: string): SocketLike => {
      const own = new URL(at);
      own.port = String(front?.port);
      return new WebSocket(own, { headers: { Host: host } }) as unknown as SocketLike;
    };
    return openDevice({
      home: this.home(name),
      now: Date.now,
      random: systemRandom,
      defaultName: name,
      defaultBroker: url,
      connect,
    });
  }
}
