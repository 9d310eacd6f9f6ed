import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Broker,
  type BrokerConfig,
  type BrokerOverrides,
  createBroker,
  loadConfig,
} from "@claudemesh/broker";
import { systemRandom } from "@claudemesh/crypto";
import { type DeviceOptions, type LocalDevice, openDevice } from "@claudemesh/device";
import { type ErrorCode, MeshError, type OpenOutput } from "@claudemesh/protocol";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";
import { steadyPort } from "../../packages/testkit/src/steady-port.ts";

type Around = Partial<Pick<BrokerOverrides, "now" | "secrets" | "timer">>;

/** A folder, a broker on a free port, and devices in homes of their own; everything ends with it. */
export class Ground implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "claudemesh-device-"));
  readonly #open: LocalDevice[] = [];
  #broker: Broker | undefined;
  #port = 0;
  readonly #config: Partial<BrokerConfig>;
  readonly #around: Around;

  private constructor(config: Partial<BrokerConfig>, around: Around) {
    this.#config = config;
    this.#around = around;
  }

  /** `around` holds for the broker, its clock for every device too. */
  static async start(config: Partial<BrokerConfig> = {}, around: Around = {}): Promise<Ground> {
    const ground = new Ground(config, around);
    await ground.startBroker();
    return ground;
  }

  get broker(): Broker {
    assert.ok(this.#broker, "the broker is stopped");
    return this.#broker;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts the broker, again on the port that it had. */
  async startBroker(): Promise<void> {
    const base = loadConfig();
    if (this.#port === 0) this.#port = await steadyPort();
    const fast = { perSecond: 100_000, burst: 100_000 };
    const settings: BrokerConfig = {
      ...base,
      rateJoin: fast,
      rateMessage: fast,
      ratePresence: fast,
      rateRead: fast,
      rateReceipt: fast,
      rateWrite: fast,
      logLevel: "silent",
      ...this.#config,
      dataDir: join(this.folder, "broker"),
      port: this.#port,
    };
    this.#broker = await createBroker(settings, { ...bundledWriter, ...this.#around });
    await this.#broker.start();
  }

  async stopBroker(): Promise<void> {
    await this.#broker?.stop();
    this.#broker = undefined;
  }

  home(name: string): string {
    return join(this.folder, name);
  }

  /** A device of the home of that name, as a CLI verb would open it. */
  async device(name: string, over: Partial<DeviceOptions> = {}): Promise<LocalDevice> {
    const device = await openDevice({
      home: this.home(name),
      now: this.#around.now ?? Date.now,
      random: systemRandom,
      defaultName: name,
      defaultBroker: this.url,
      ...over,
    });
    this.#open.push(device);
    return device;
  }

  /** Alice's mesh with the others in it, each with an open device. */
  async mesh(...names: string[]): Promise<LocalDevice[]> {
    const [first = "alice", ...others] = names;
    const owner = await this.device(first);
    await owner.api.mesh.create({ name: "Team" });
    const devices = [owner];
    for (const name of others) {
      const { link } = await owner.api.invite.create({});
      const device = await this.device(name);
      await device.api.invite.claim({ invite: link });
      devices.push(device);
    }
    return devices;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const device of this.#open) await device.close();
    await this.stopBroker();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What one verb of a home shows: its inbox, confirmed as shown. */
export async function read(
  device: Pick<LocalDevice, "api" | "confirmHandOver">,
  wait?: string,
): Promise<OpenOutput<"message.inbox">> {
  const shown = await device.api.message.inbox(wait === undefined ? {} : { wait });
  await device.confirmHandOver();
  return shown;
}

export const texts = (shown: OpenOutput<"message.inbox">): string[] =>
  shown.items.map(({ text }) => text);

/** The error that `fn` ends with, which has to be a `MeshError` of that code. */
export async function refusal(code: ErrorCode, fn: () => Promise<unknown>): Promise<MeshError> {
  try {
    await fn();
  } catch (error) {
    assert.ok(error instanceof MeshError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`expected ${code}`);
}
