import type { Device } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol";
import { alarmOf } from "../chaos/device-verbs.ts";
import { textOf } from "../chaos/message-text.ts";
import type { Seeded } from "../faults/seeded.ts";
import { deviceAt } from "./daemon-access.ts";
import type { SessionOrders, SessionSaid } from "./orders.ts";
import { personEnv, startDaemonBy } from "./programs.ts";

export interface WriterParts {
  readonly orders: SessionOrders;
  readonly random: Seeded;
  readonly say: (said: SessionSaid) => void;
  readonly pause: (ms: number) => Promise<void>;
  readonly isStopping: () => boolean;
  /** messages that this session was shown and has not answered */
  readonly toAnswer: string[];
}

/** What a guard or a recipient that is not there keeps from being sent: nothing was stored, and the sender knows. */
const definite = ["loop_limit", "no_recipient", "not_found", "rate_limited", "repeated"];
const passing = ["in_use", "not_writable"];
/** How often nobody may be found to listen before the daemon is started by a verb; its push-pipes are at it, too. */
const mostMissed = 30;

/** Writes messages through the daemon: as its person or as the session, to the other person or to one session there, in answer or not. */
export class Writer {
  readonly #parts: WriterParts;
  readonly #devices = new Map<string, Device>();
  #missed = 0;
  #keys: { readonly key: string; readonly session: string }[] = [];

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { orders, random, pause, isStopping, say } = this.#parts;
    for (let i = 0; i < orders.left && !isStopping(); ) {
      const isAgent = random.chance(0.5);
      const device = await this.device(isAgent);
      if (device === undefined) {
        await pause(100);
        continue;
      }
      if (i % 10 === 3) await this.#look(device);
      const value = `${orders.name}.${orders.run}.${i}`;
      i += 1;
      try {
        await this.#send(device, value, isAgent);
      } catch (error) {
        const { code = "internal", message = "" } = error instanceof MeshError ? error : {};
        if (definite.includes(code)) say({ kind: "failed", value, why: message });
        else {
          say({ kind: "in_doubt", value, why: String(error) });
          const alarm = passing.includes(code) ? undefined : alarmOf(error);
          if (alarm !== undefined) say(alarm);
          await this.#drop(isAgent);
        }
      }
      await pause(random.between(0, 2 * orders.gapMs));
    }
  }

  /** The daemon, for the person or for the session; started by a verb where it stays away. */
  async device(isAgent: boolean): Promise<Device | undefined> {
    const { home, folder, broker, name, agentSession } = this.#parts.orders;
    const who = isAgent ? `${name}-agent` : name;
    const open = this.#devices.get(who);
    if (open !== undefined) return open;
    const found = await deviceAt(home, folder, who, isAgent ? agentSession : undefined).catch(
      () => undefined,
    );
    if (found !== undefined) this.#devices.set(who, found);
    this.#missed = found === undefined ? this.#missed + 1 : 0;
    if (this.#missed >= mostMissed) {
      this.#missed = 0;
      await startDaemonBy(personEnv(folder, home, broker)).catch(() => undefined);
    }
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([this.#drop(true), this.#drop(false)]);
  }

  async #send(device: Device, value: string, isAgent: boolean): Promise<void> {
    const { orders, random, say, toAnswer } = this.#parts;
    const one = random.chance(0.2) && this.#keys.length > 0 ? random.pick(this.#keys) : undefined;
    const replyTo = isAgent && one === undefined && random.chance(0.6) ? toAnswer.pop() : undefined;
    const text = textOf(value, random.below(120));
    const priority = random.chance(0.05) ? "low" : random.chance(0.1) ? "now" : "next";
    say({ kind: "attempt", value, from: orders.name, to: one?.session ?? orders.peer });
    const sent = await device.api.message.send({
      to: one?.key ?? orders.peer,
      text,
      priority,
      ...(replyTo === undefined ? {} : { replyTo }),
    });
    const { id, seq } = sent;
    if (seq !== undefined) say({ kind: "acknowledged", value, id, seq });
    else say({ kind: "in_doubt", value, why: sent.reason ?? sent.state });
  }

  /** The sessions of the other person that are there now. */
  async #look(device: Device): Promise<void> {
    try {
      const { items } = await device.api.peer.list({});
      this.#keys = items.flatMap(({ self, session, key }) =>
        self || session === undefined ? [] : [{ key, session }],
      );
    } catch {
      this.#keys = [];
    }
  }

  async #drop(isAgent: boolean): Promise<void> {
    const { name } = this.#parts.orders;
    const who = isAgent ? `${name}-agent` : name;
    const device = this.#devices.get(who);
    this.#devices.delete(who);
    await device?.close().catch(() => undefined);
  }
}
