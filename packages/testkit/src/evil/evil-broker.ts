import type { AddressInfo } from "node:net";
import type { Profile, RosterEntry } from "@claudemesh/protocol";
import { WebSocketServer } from "ws";
import { EvilLine, type Fields, type Trick } from "./evil-line.ts";

interface Passed {
  readonly way: "up" | "down";
  readonly member: string | undefined;
  readonly frame: Fields;
}

const socketUrl = (url: string): string => `${url.replace(/^http/, "ws")}/v1/ws`;

/**
 * A broker that lies: a true one with someone in front of it who reads, keeps, changes, drops and invents frames. It holds no member's keys.
 * It speaks the truth until it is given a trick.
 */
export class EvilBroker implements AsyncDisposable {
  readonly #server: WebSocketServer;
  readonly #lines = new Set<EvilLine>();
  readonly #passed: Passed[] = [];
  readonly #replies: { readonly op: string; readonly output: Fields }[] = [];
  #trick: Trick = {};
  #invented = 0;
  #upstream = "";
  #diverted: string | undefined;
  readonly port: number;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      const line = new EvilLine(socket, this.#diverted ?? this.#upstream, {
        trick: () => this.#trick,
        invent: () => (this.#invented += 1),
        record: (way, frame, { calls, member }) => {
          this.#passed.push({ way, member, frame });
          const call = frame.type === "reply" ? calls.get(String(frame.id)) : undefined;
          if (call && frame.output)
            this.#replies.push({ op: call.op, output: frame.output as Fields });
        },
      });
      this.#lines.add(line);
      socket.on("close", () => this.#lines.delete(line));
    });
  }

  /** Listens on a free loopback port; `leadsTo` names the true broker, whose public URL has to be this one's. */
  static async start(): Promise<EvilBroker> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await new Promise<void>((resolve, reject) => {
      server.once("listening", resolve);
      server.once("error", reject);
    });
    return new EvilBroker(server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections opened from now on lead to the broker at this URL. */
  leadsTo(url: string): void {
    this.#upstream = socketUrl(url);
  }

  lie(trick: Trick): void {
    this.#trick = trick;
  }

  honest(): void {
    this.#trick = {};
    this.#diverted = undefined;
  }

  /** Connections opened while it lies lead to another broker. */
  divert(url: string): void {
    this.#diverted = socketUrl(url);
  }

  /** Ends every connection, as a restart of the broker would. */
  cut(): void {
    for (const line of this.#lines) line.end();
  }

  /** Bodies of the events of one kind that were on their way to a member, oldest first. */
  bodies<T>(member: string, kind: string): T[] {
    return this.#passed
      .filter(
        ({ way, member: of, frame }) => way === "down" && of === member && frame.kind === kind,
      )
      .map(({ frame }) => frame.body as T);
  }

  /** The last frame of a type that a member sent. */
  lastSent(member: string, type: string): Fields | undefined {
    return this.#passed.findLast(
      ({ way, member: of, frame }) => way === "up" && of === member && frame.type === type,
    )?.frame;
  }

  /** What a member asked for by an operation, oldest first. */
  inputs<T>(member: string, op: string): T[] {
    return this.#passed
      .filter(({ way, member: of, frame }) => way === "up" && of === member && frame.op === op)
      .map(({ frame }) => frame.input as T);
  }

  /** Every roster entry that crossed it, up or down. */
  everyEntry(): RosterEntry[] {
    return this.#passed.flatMap(({ way, frame }) => {
      if (way === "down") return frame.kind === "roster" ? [frame.body as RosterEntry] : [];
      const { entry } = (frame.input ?? {}) as { entry?: RosterEntry };
      return entry === undefined ? [] : [entry];
    });
  }

  /** A member's own profile, as it signed it when it came. */
  profileOf(member: string): Profile {
    const inputs = this.#passed.map(({ frame }) => (frame.input ?? {}) as { profile?: Profile });
    const found = inputs.find(({ profile }) => profile?.member === member)?.profile;
    if (found === undefined) throw new Error("that member has no profile");
    return found;
  }

  /** What was answered to an operation, oldest first. */
  everyReply(op: string): Fields[] {
    return this.#replies.filter((reply) => reply.op === op).map(({ output }) => output);
  }

  /** Everything that it has read, as text. */
  everythingRead(): string {
    return this.#passed.map(({ frame }) => JSON.stringify(frame)).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
