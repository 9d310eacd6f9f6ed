import { channelMethod, channelRefusal, renderChannel } from "./channel.ts";
import { Conversation } from "./conversation.ts";
import type { Flags } from "./flags.ts";
import { Hooks } from "./hooks.ts";
import { createIdentity, type Identity } from "./identity.ts";
import { InboxGate } from "./inbox-gate.ts";
import { InboxSocket } from "./inbox-socket.ts";
import { McpServer } from "./mcp-server.ts";
import { Output } from "./output.ts";
import { type Configuration, readConfiguration } from "./plugins.ts";
import { Queue, type Queued } from "./queue.ts";
import { SessionFile } from "./session-file.ts";
import { toolSources } from "./tools.ts";
import { Transcript } from "./transcript.ts";
import { runTurn } from "./turn.ts";
import { deferredTools, serverInstructions } from "./wording.ts";

/** What a turn works with. */
export interface Parts {
  readonly flags: Flags;
  readonly identity: Identity;
  readonly transcript: Transcript;
  readonly output: Output;
  readonly queue: Queue;
  readonly conversation: Conversation;
  readonly hooks: Hooks;
  readonly servers: readonly McpServer[];
  /** lines that the model is shown beside the first message */
  readonly opening: string[];
}

const { FAKE_CLAUDE_CHANNELS: channels, FAKE_CLAUDE_DOUBLE_SPAWN: doubleSpawn } = process.env;

/** One run of the fake, from its first hook to its last. */
export class Session {
  readonly #parts: Parts;
  readonly #configuration: Configuration;
  readonly #file: SessionFile;
  readonly #inbox: InboxSocket;
  /** servers started a second time, which nobody calls */
  readonly #doubles: McpServer[] = [];
  #ending: Promise<void> | undefined;

  private constructor(parts: Parts, configuration: Configuration, inbox: InboxSocket) {
    this.#parts = parts;
    this.#configuration = configuration;
    this.#inbox = inbox;
    this.#file = new SessionFile(parts.identity, () => new Date());
  }

  /** Binds the inbox, connects the servers and fires SessionStart; then the session is ready for prompts. */
  static async open(flags: Flags): Promise<Session> {
    const identity = createIdentity(flags);
    const configuration = readConfiguration(flags, identity.config);
    const transcript = new Transcript(identity, () => new Date());
    const output = new Output(identity);
    const queue = new Queue();
    const servers: McpServer[] = [];
    const hooks = new Hooks({
      identity,
      entries: configuration.hooks,
      servers: () => servers,
      transcript,
    });
    const gate = new InboxGate({
      now: () => performance.now(),
      queued: () => queue.peers,
      permissionMode: identity.permissionMode,
      inbound: configuration.inbound,
    });
    const parts: Parts = {
      ...{ flags, identity, transcript, output, queue, hooks, servers },
      conversation: new Conversation(),
      opening: [],
    };
    const deliver = (item: Queued) => enqueue(parts, item);
    const inbox = await InboxSocket.open({ identity, gate, deliver, log: output.log });
    const session = new Session(parts, configuration, inbox);
    await session.#begin(servers);
    return session;
  }

  /** The person's side: a prompt. */
  prompt(text: string): void {
    enqueue(this.#parts, { origin: "human", text, priority: "next" });
  }

  /** No more prompts: the session ends when nothing waits. */
  close(): void {
    this.#parts.queue.close();
  }

  /** Takes turns until the person's side is closed and nothing waits. */
  async run(): Promise<void> {
    for (;;) {
      const batch = await this.#parts.queue.next();
      if (batch === undefined) return;
      this.#file.set("busy");
      await runTurn(batch, this.#parts);
      this.#file.set("idle");
    }
  }

  /** Closes the inbox, fires SessionEnd, then interrupts the servers. A second call waits for the first. */
  end(reason: "other" | "prompt_input_exit"): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  async #end(reason: string): Promise<void> {
    this.#inbox.close();
    await this.#parts.hooks.fire("SessionEnd", reason, { reason });
    await Promise.all([...this.#parts.servers, ...this.#doubles].map((server) => server.end()));
    this.#file.remove();
  }

  async #begin(servers: McpServer[]): Promise<void> {
    const { hooks, identity, opening, output } = this.#parts;
    const source = "startup";
    const [started] = await Promise.all([
      hooks.fire("SessionStart", source, { source }),
      this.#connectAll(servers),
    ]);
    opening.push(...started.lines);
    const names = toolSources(servers, identity).slice(1);
    if (names.length > 0) opening.push(deferredTools(names.map((item) => item.tool)));
    const blocks = servers
      .filter((server) => server.welcome.instructions !== undefined)
      .map((server) => `## ${server.name}\n${server.welcome.instructions?.slice(0, 2048)}`);
    if (blocks.length > 0) opening.push(serverInstructions(blocks));
    const status = servers.map(({ name }) => ({ name, status: "connected", source: "plugin" }));
    output.event({ type: "system", subtype: "init", mcp_servers: status }, "Fake Claude Code");
  }

  async #connectAll(servers: McpServer[]): Promise<void> {
    const { identity, output } = this.#parts;
    const connect = async (
      entry: Configuration["servers"][number],
      into: McpServer[],
    ): Promise<void> => {
      const server = new McpServer(entry, identity);
      server.onNotification = (method, params) => this.#notified(server, method, params);
      try {
        await server.connect();
        into.push(server);
      } catch (error) {
        output.log(`${entry.name} did not connect: ${(error as Error).message}`);
        await server.end();
      }
    };
    const entries = this.#configuration.servers;
    const twice = doubleSpawn === undefined ? [] : entries;
    await Promise.all([
      ...entries.map((entry) => connect(entry, servers)),
      ...twice.map((entry) => connect(entry, this.#doubles)),
    ]);
  }

  #notified(server: McpServer, method: string, params: unknown): void {
    if (method !== channelMethod) return;
    const refusal = channelRefusal(server, channels === "open");
    if (refusal !== undefined) {
      this.#parts.output.log(`Channel notifications skipped: ${refusal}`);
      return;
    }
    const text = renderChannel(server.name, params);
    const item = { origin: "channel", priority: "next", server: server.name } as const;
    if (text !== undefined) enqueue(this.#parts, { ...item, text });
  }
}

function enqueue({ queue, transcript }: Parts, item: Queued): void {
  transcript.note({ type: "queue-operation", operation: "enqueue", content: item.text });
  queue.push(item);
}
