import type { LocalDevice } from "@claudemesh/device";
import { MeshError, type MessageId, type OpenInput, type OpenOutput } from "@claudemesh/protocol";

type Message = OpenOutput<"message.inbox">["items"][number];

/** A person's device with one agent session on it, which reads and writes at once, as its script says. */
export class Agent {
  readonly device: LocalDevice;
  readonly name: string;
  readonly sent: MessageId[] = [];
  readonly refused: MeshError[] = [];
  readonly #session: ReturnType<LocalDevice["reader"]>;

  constructor(name: string, device: LocalDevice) {
    this.name = name;
    this.device = device;
    this.#session = device.reader({ agentSession: `agent-of-${name}` });
  }

  /** Sends as the agent; what a guard refuses is kept and not thrown. */
  async send(input: OpenInput<"message.send">): Promise<MessageId | undefined> {
    try {
      const { id } = await this.#session.call("message.send", input);
      this.sent.push(id);
      return id;
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      this.refused.push(error);
      return undefined;
    }
  }

  /** What waits for the agent, taken as shown. */
  async read(wait?: string): Promise<OpenOutput<"message.inbox">> {
    const shown = await this.#session.call("message.inbox", wait === undefined ? {} : { wait });
    await this.#session.confirmHandOver("test");
    return shown;
  }

  async call<N extends "guard.release" | "guard.set" | "message.show">(
    name: N,
    input: OpenInput<N>,
  ): Promise<OpenOutput<N>> {
    return this.#session.call(name, input);
  }
}

/** What an agent does with a message. */
export type Script = (agent: Agent, message: Message, turn: number) => Promise<unknown>;

/** Lets agents read and act in turn until a whole round brings nothing, or `most` rounds are over; answers how many messages they were shown. */
export async function play(
  agents: readonly Agent[],
  script: Script,
  most: number,
): Promise<number> {
  let shown = 0;
  for (let turn = 0; turn < most; turn++) {
    const before = shown;
    for (const agent of agents) {
      const { items } = await agent.read();
      for (const item of items) {
        shown += 1;
        await script(agent, item, shown);
      }
    }
    if (shown === before) return shown;
  }
  return shown;
}
