import type { IncomingMessage } from "node:http";
import { MeshError } from "@claudemesh/protocol/light";
import type { RouteInput, RouteName, RouteOutput } from "./contract.ts";
import { localHost, paths } from "./paths.ts";
import { toldError } from "./told-error.ts";

/** Not imported: that reads all that the module exports, and so loads fetch and WebSocket, which takes longer than a whole verb. */
const { Agent, request } = process.getBuiltinModule("node:http");

export interface LocalClientOptions {
  readonly socketPath: string;
  /** header fields of every request */
  readonly headers: Readonly<Record<string, string>>;
}

/** What came back, and what a person should know beside it. */
export interface Answer {
  readonly value: unknown;
  readonly notes: readonly string[];
}

/** The daemon could not be asked, or ended before it answered; `wasSent` when it may have begun. */
export class LinkLost extends Error {
  readonly wasSent: boolean;
  /** the system's code, such as ECONNREFUSED */
  readonly code: string | undefined;

  constructor(cause: unknown, wasSent: boolean) {
    super("the daemon ended", { cause });
    this.wasSent = wasSent;
    this.code = (cause as NodeJS.ErrnoException | undefined)?.code;
  }
}

/** More than any answer of an operation. */
const mostAnswerBytes = 64 * 1024 * 1024;

export type LocalClient = Pick<SocketClient, "ask" | "close" | "route" | "watch">;

/** Requests to one daemon over its socket; connections are kept for the next one. */
export class SocketClient {
  readonly #options: LocalClientOptions;
  #isClosed = false;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(options: LocalClientOptions) {
    this.#options = options;
  }

  /** Asks a route of the contract. Throws `LinkLost`, and the daemon's own errors. */
  async route<R extends Exclude<RouteName, "events">>(
    name: R,
    input: RouteInput<R>,
    timeoutMs?: number,
  ): Promise<RouteOutput<R>> {
    const { method, path } = paths[name];
    const { value } = await this.ask(method, path, input, timeoutMs);
    const { readOutput } = await import("./contract.ts");
    return readOutput(name, value);
  }

  /** Sends JSON and answers JSON. Throws `LinkLost`, and the daemon's own errors as `MeshError`. */
  async ask(
    method: "GET" | "POST",
    path: string,
    body: unknown,
    timeoutMs?: number,
  ): Promise<Answer> {
    const answer = await this.#send(method, path, body, timeoutMs);
    const text = await bodyOf(answer).catch((error) => {
      throw new LinkLost(error, true);
    });
    let value: unknown;
    try {
      value = text === "" ? {} : JSON.parse(text);
    } catch {
      throw new MeshError("internal", "the daemon answered something that is not JSON");
    }
    if (answer.statusCode === 200) return { value, notes: notesOf(answer) };
    const told = toldError((value as { error?: unknown } | null)?.error);
    throw told ?? new MeshError("internal", `the daemon answers HTTP ${answer.statusCode}`);
  }

  /** The daemon's events, one JSON value each, until it or this client ends. Throws `LinkLost` when it is cut off. */
  async *watch(): AsyncGenerator<unknown, void> {
    const answer = await this.#send("GET", paths.events.path, undefined);
    answer.setEncoding("utf8");
    let rest = "";
    try {
      for await (const part of answer as AsyncIterable<string>) {
        const records = (rest + part).split("\n\n");
        rest = records.pop() ?? "";
        for (const record of records) {
          const data = /^data: (.*)$/m.exec(record)?.[1];
          if (data !== undefined) yield JSON.parse(data);
        }
      }
    } catch (error) {
      if (!this.#isClosed) throw new LinkLost(error, true);
    }
  }

  /** Drops the connections. */
  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  #send(method: string, path: string, body: unknown, timeoutMs?: number): Promise<IncomingMessage> {
    const { socketPath, headers } = this.#options;
    const text = method === "GET" ? undefined : JSON.stringify(body ?? {});
    return new Promise((resolve, reject) => {
      let isConnected = false;
      const asked = request(
        {
          socketPath,
          method,
          path,
          agent: this.#agent,
          headers: {
            ...headers,
            host: localHost,
            ...(text === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
          },
          ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
        },
        resolve,
      );
      asked.on("socket", (socket) => {
        if (!socket.connecting) isConnected = true;
        else socket.once("connect", () => (isConnected = true));
      });
      asked.on("error", (error) => reject(new LinkLost(error, isConnected)));
      asked.end(text);
    });
  }
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostAnswerBytes) throw new Error("the daemon's answer is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function notesOf({ headers }: IncomingMessage): readonly string[] {
  const text = headers["claudemesh-notes"];
  if (typeof text !== "string") return [];
  try {
    const notes: unknown = JSON.parse(decodeURIComponent(text));
    return Array.isArray(notes) ? notes.map(String) : [];
  } catch {
    return [];
  }
}
