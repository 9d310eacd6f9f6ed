import type { Device, Whoami } from "@claudemesh/device";
import type { DeviceApi, EdgeOpName, OpenInput, OpenOutput } from "@claudemesh/protocol";
import { edgeKinds, MeshError, methodTree } from "@claudemesh/protocol/light";
import { opsPath, paths } from "./paths.ts";
import { type Answer, LinkLost, type LocalClient } from "./socket-client.ts";

/** A device behind the daemon's socket. */
export type SocketDevice = Device;

export interface SocketDeviceParts {
  readonly client: LocalClient;
  /** opens the daemon again after it has ended; undefined when there is none to be had */
  readonly reopen: () => Promise<LocalClient | undefined>;
  /** hears what a person should know beside an answer */
  readonly warn: (text: string) => void;
  readonly timer: (ms: number, fn: () => void) => () => void;
}

/** How long calls under way may take to end when the device is closed. */
const endBudgetMs = 1_500;

/** The same methods as a device of this process; their inputs and outputs are what the daemon parsed. */
export function socketDevice(parts: SocketDeviceParts): SocketDevice {
  const link = new Asking(parts);
  const call = async <N extends EdgeOpName>(name: N, input: OpenInput<N>) => {
    const isQuery = edgeKinds[name] === "query";
    const { value, notes } = await link.ask("POST", `${opsPath}${name}`, input ?? {}, isQuery);
    for (const note of notes) parts.warn(note);
    return value as OpenOutput<N>;
  };
  const api = methodTree<EdgeOpName, { [N in EdgeOpName]: never }>(
    Object.keys(edgeKinds) as EdgeOpName[],
    (name) => ((input: never) => call(name, input)) as never,
  ) as unknown as DeviceApi;
  return {
    api,
    call,
    whoami: async () => (await link.ask("GET", "/v1/whoami", {}, true)).value as Whoami,
    drain: async (meshes) => {
      await link.ask("POST", "/v1/drain", meshes === undefined ? {} : { meshes }, true);
    },
    confirmHandOver: async (way, ids) => {
      const body = { ...(way === undefined ? {} : { way }), ...(ids === undefined ? {} : { ids }) };
      return ((await link.ask("POST", "/v1/confirm", body, false)).value as { count: number })
        .count;
    },
    rebase: async (mesh, url) => {
      await link.ask("POST", "/v1/rebase", { mesh, url }, true);
    },
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
  };
}

class Asking {
  readonly #parts: SocketDeviceParts;
  readonly #underWay = new Set<Promise<unknown>>();
  #client: LocalClient;
  #closed: Promise<void> | undefined;

  constructor(parts: SocketDeviceParts) {
    this.#parts = parts;
    this.#client = parts.client;
  }

  /** Asks; once more, of a daemon begun anew, where the first ended without harm done: it had not been asked yet, or the question may be repeated. */
  ask(method: "GET" | "POST", path: string, body: unknown, mayRepeat: boolean): Promise<Answer> {
    if (this.#closed !== undefined) return Promise.reject(stopped());
    const asked = this.#ask(method, path, body, mayRepeat);
    this.#underWay.add(asked);
    const done = () => this.#underWay.delete(asked);
    asked.then(done, done);
    return asked;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #ask(
    method: "GET" | "POST",
    path: string,
    body: unknown,
    mayRepeat: boolean,
  ): Promise<Answer> {
    const first = this.#client;
    try {
      return await first.ask(method, path, body);
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
      if (this.#closed !== undefined) throw stopped();
      if (error.wasSent && !mayRepeat) throw ended(error);
      if (this.#client === first) {
        first.close();
        const next = await this.#parts.reopen();
        if (next === undefined) throw ended(error);
        this.#client = next;
      }
    }
    try {
      return await this.#client.ask(method, path, body);
    } catch (error) {
      if (error instanceof LinkLost) throw this.#closed === undefined ? ended(error) : stopped();
      throw error;
    }
  }

  async #close(): Promise<void> {
    const calls = [...this.#underWay];
    if (calls.length > 0) {
      const late = Promise.withResolvers<void>();
      const cancel = this.#parts.timer(endBudgetMs, late.resolve);
      const told = this.#client
        .ask(paths.cancel.method, paths.cancel.path, {})
        .catch(() => undefined);
      await Promise.race([Promise.allSettled([told, ...calls]), late.promise]);
      cancel();
    }
    this.#client.close();
  }
}

const stopped = (): MeshError => new MeshError("cancelled", "stopped");

const ended = ({ wasSent, cause }: LinkLost): MeshError =>
  new MeshError("unavailable", "the daemon ended before it answered", {
    hint: wasSent
      ? "what it had taken is stored and goes on; look with claudemesh daemon logs, and run it again if it was not done"
      : "look with claudemesh daemon logs, or run it with --no-daemon",
    detail: { inDoubt: wasSent },
    cause,
  });
