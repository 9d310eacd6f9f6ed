import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broker, createBroker, loadConfig } from "@claudemesh/broker";
import { parseInvite, systemRandom } from "@claudemesh/crypto";
import { type LocalDevice, openDevice } from "@claudemesh/device";
import type { InviteCode, MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import {
  Attacker,
  EvilBroker,
  type Newcomer,
  type OpenedSession,
  type Person,
  type Stage,
} from "@claudemesh/testkit/evil";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";

const patienceMs = 5_000;
const fast = { perSecond: 1_000_000, burst: 1_000_000 };

/** Clock and timers of every device of a stage. */
class StageTime {
  #aheadMs = 0;
  readonly #patient = new Map<object, () => void>();

  readonly now = (): number => Date.now() + this.#aheadMs;

  readonly timer = (ms: number, fn: () => void): (() => void) => {
    const key = {};
    const run = (): void => {
      this.#patient.delete(key);
      clearTimeout(handle);
      fn();
    };
    const handle = setTimeout(run, ms);
    if (ms >= patienceMs) this.#patient.set(key, run);
    return () => {
      this.#patient.delete(key);
      clearTimeout(handle);
    };
  };

  forward(ms: number): void {
    this.#aheadMs += ms;
  }

  endPatience(): void {
    for (const run of [...this.#patient.values()]) run();
  }
}

/** A home with its device, which can be restarted. */
class Home {
  readonly name: string;
  readonly #open: () => Promise<LocalDevice>;
  device: LocalDevice;

  constructor(name: string, open: () => Promise<LocalDevice>, device: LocalDevice) {
    this.name = name;
    this.#open = open;
    this.device = device;
  }

  async restart(): Promise<void> {
    await this.device.close();
    this.device = await this.#open();
  }
}

class StagePerson implements Person {
  readonly #home: Home;
  readonly mesh: MeshId;
  readonly member: MemberId;

  constructor(home: Home, mesh: MeshId, member: MemberId) {
    this.#home = home;
    this.mesh = mesh;
    this.member = member;
  }

  get name(): string {
    return this.#home.name;
  }

  get api() {
    return this.#home.device.api;
  }

  send(to: string, text: string) {
    return this.api.message.send({ mesh: this.mesh, to, text });
  }

  async read() {
    const shown = await this.api.message.inbox({ mesh: this.mesh });
    await this.#home.device.confirmHandOver();
    return shown;
  }

  status(id: MessageId) {
    return this.api.message.status({ mesh: this.mesh, id });
  }

  restart(): Promise<void> {
    return this.#home.restart();
  }

  async openSession(): Promise<OpenedSession> {
    const { device } = this.#home;
    const agentSession = `agent of ${this.name}, ${randomUUID()}`;
    const online = device.keepOnline();
    const { pid } = process;
    const about = { agent: "test", cwd: "/src", host: "here", meshes: [this.mesh] };
    const { meshes } = device.sessions.start({ agentSession, pid, ...about });
    device.sessions.update(agentSession, { summary: "the parser" });
    const own = meshes[0]?.session;
    const listed = async () => {
      const { items } = await device.api.peer.list({ mesh: this.mesh });
      return items.find((peer) => peer.session === own && peer.summary === "the parser");
    };
    let peer = await listed();
    while (peer === undefined) peer = await listed();
    const end = async () => {
      device.sessions.end(agentSession, "the scene is over");
      while (await listed());
    };
    return {
      key: peer.key,
      read: async (wait) => {
        const reader = device.reader({ agentSession });
        const shown = await reader.call("message.inbox", { mesh: this.mesh, wait });
        await reader.confirmHandOver();
        await reader.close();
        return shown.items.map(({ text }) => text);
      },
      end,
      close: async () => {
        await end();
        await online.stop();
      },
    };
  }
}

type Cast = Pick<Stage, "alice" | "bob" | "carol" | "mallory" | "malloryCode">;

/** Alice, bob, carol and mallory at an evil broker; everything ends with it. */
export class EvilStage implements Stage, AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "claudemesh-evil-"));
  readonly #time = new StageTime();
  readonly #homes: Home[] = [];
  readonly #brokers: Broker[] = [];
  readonly #elsewhere: EvilBroker[] = [];
  #count = 0;
  readonly broker: EvilBroker;
  readonly written = new Set<string>();
  behind = "";
  #cast: Cast | undefined;
  #code: InviteCode | undefined;
  readonly #codes: InviteCode[] = [];
  #second: Promise<Cast> | undefined;

  private constructor(broker: EvilBroker) {
    this.broker = broker;
  }

  static async start(): Promise<EvilStage> {
    const stage = new EvilStage(await EvilBroker.start());
    stage.behind = await stage.#trueBroker(stage.broker.url);
    stage.broker.leadsTo(stage.behind);
    const homes = [];
    for (const name of ["alice", "bob", "carol"]) homes.push(await stage.#home(name));
    stage.#cast = await stage.#found("Team", homes);
    return stage;
  }

  get mesh(): MeshId {
    return this.alice.mesh;
  }

  get alice(): Person {
    return this.#people.alice;
  }

  get bob(): Person {
    return this.#people.bob;
  }

  get carol(): Person {
    return this.#people.carol;
  }

  get mallory(): Attacker {
    return this.#people.mallory;
  }

  async newcomer(): Promise<Newcomer> {
    this.#count += 1;
    const home = await this.#home(`newcomer ${this.#count}`);
    return { name: home.name, api: home.device.api };
  }

  get malloryCode(): Stage["malloryCode"] {
    return this.#people.malloryCode;
  }

  second(): Promise<Cast> {
    this.#second ??= this.#found("Second", this.#homes.slice(0, 3));
    return this.#second;
  }

  code(): InviteCode {
    assert.ok(this.#code, "alice has invited");
    return this.#code;
  }

  tellCode(code: string): void {
    this.#code = parseInvite(code).code;
    this.#codes.push(this.#code);
  }

  async elsewhere(): Promise<string> {
    const front = await EvilBroker.start();
    this.#elsewhere.push(front);
    const url = await this.#trueBroker(front.url);
    front.leadsTo(url);
    return url;
  }

  loseIfPatient(): void {
    this.#time.endPatience();
  }

  forward(ms: number): void {
    this.#time.forward(ms);
  }

  text(): string {
    this.#count += 1;
    return `canary plaintext ${this.#count}`;
  }

  /** What nobody but the people themselves may have read. */
  secrets(): readonly string[] {
    const texts = [...this.written].map((line) => line.slice(line.indexOf(": ") + 2));
    return [...texts, this.malloryCode, ...this.#codes];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.broker.honest();
    for (const { device } of this.#homes) await device.close();
    for (const front of [this.broker, ...this.#elsewhere]) await front[Symbol.asyncDispose]();
    for (const broker of this.#brokers) await broker.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #people(): Cast {
    assert.ok(this.#cast, "the stage is set");
    return this.#cast;
  }

  async #trueBroker(publicUrl: string): Promise<string> {
    const broker = await createBroker(
      {
        ...loadConfig(),
        rateJoin: fast,
        rateMessage: fast,
        ratePresence: fast,
        rateRead: fast,
        rateReceipt: fast,
        rateWrite: fast,
        logLevel: "silent",
        dataDir: join(this.#folder, `broker-${this.#brokers.length}`),
        publicUrl,
        port: 0,
      },
      { now: this.#time.now, ...bundledWriter },
    );
    this.#brokers.push(broker);
    await broker.start();
    return broker.url.replace(/^.*:/, "http://127.0.0.1:");
  }

  async #home(name: string): Promise<Home> {
    const open = () =>
      openDevice({
        home: join(this.#folder, name),
        now: this.#time.now,
        timer: this.#time.timer,
        random: systemRandom,
        defaultName: name,
        defaultBroker: this.broker.url,
      });
    const home = new Home(name, open, await open());
    this.#homes.push(home);
    return home;
  }

  async #found(name: string, homes: readonly Home[]): Promise<Cast> {
    const [first, ...others] = homes;
    assert.ok(first);
    const made = await first.device.api.mesh.create({ name });
    const people = [new StagePerson(first, made.id, made.member)];
    for (const home of others) {
      const { link } = await first.device.api.invite.create({ mesh: made.id });
      const joined = await home.device.api.invite.claim({ invite: link });
      people.push(new StagePerson(home, made.id, joined.member));
    }
    const { code } = await first.device.api.invite.create({ mesh: made.id });
    const malloryCode = parseInvite(code).code;
    const mallory = await Attacker.join(this.broker.url, malloryCode, "mallory");
    for (const person of people) await person.api.member.list({ mesh: made.id });
    const [alice, bob, carol] = people;
    assert.ok(alice && bob && carol);
    return { alice, bob, carol, mallory, malloryCode };
  }
}
