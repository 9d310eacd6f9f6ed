import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Identity } from "./identity.ts";
import type { InboxGate } from "./inbox-gate.ts";
import type { Queued } from "./queue.ts";

const lineLimit = 1_048_576;
const firstLineMs = 30_000;

interface Line {
  readonly type?: string;
  readonly token?: string;
  readonly message?: { readonly content?: unknown };
  readonly from?: string;
  readonly priority?: string;
  readonly session_id?: string;
}

export interface InboxOptions {
  readonly identity: Identity;
  readonly gate: InboxGate;
  readonly deliver: (item: Queued) => void;
  /** the debug log: why a line was not taken */
  readonly log: (text: string) => void;
}

const priorities = ["now", "next", "later"] as const;
const honoured = /^(?:uds|bridge|did):/;

/** The session's inbox: newline-delimited JSON on a socket of mode 0600; nothing is ever written back. */
export class InboxSocket {
  readonly #options: InboxOptions;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(options: InboxOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(options: InboxOptions): Promise<InboxSocket> {
    const inbox = new InboxSocket(options);
    const path = options.identity.socket;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const mask = process.umask(0o177);
    inbox.#server.listen(path);
    process.umask(mask);
    await once(inbox.#server, "listening");
    return inbox;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    rmSync(this.#options.identity.socket, { force: true });
  }

  #serve(socket: Socket): void {
    this.#open.add(socket);
    const deadline = setTimeout(() => socket.destroy(), firstLineMs);
    let buffer = "";
    let own = false;
    const take = (line: string) => {
      clearTimeout(deadline);
      own = this.#line(line, own);
    };
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (buffer + chunk).split("\n");
      buffer = lines.pop() ?? "";
      if ([...lines, buffer].some((line) => line.length > lineLimit)) {
        this.#options.log(`line exceeded ${lineLimit} chars; dropping connection`);
        socket.destroy();
        return;
      }
      for (const line of lines) take(line);
    });
    socket.on("end", () => buffer.trim() !== "" && take(buffer));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(deadline);
      this.#open.delete(socket);
    });
  }

  /** Takes one line; answers whether the connection has presented the token by now. A wrong one is no obstacle on Unix. */
  #line(text: string, own: boolean): boolean {
    const { identity, gate, deliver, log } = this.#options;
    if (text.trim() === "") return own;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      log("an unparseable line");
      return own;
    }
    if (line.type === "auth") return own || line.token === identity.token;
    const content = line.message?.content;
    if (line.type !== "user" || typeof content !== "string") {
      log("ignoring a line that is no user message with string content");
      return own;
    }
    if (line.session_id !== undefined && line.session_id !== identity.session) {
      log("dropping user message: session_id mismatch");
      return own;
    }
    const from = honoured.test(line.from ?? "") ? `from:${line.from}` : `pid:${own ? "own" : "?"}`;
    const verdict = gate.admit({ sender: from, text: content, own });
    const priority = priorities.find((name) => name === line.priority) ?? "next";
    if (verdict === "accept") deliver({ origin: "peer", text: content, priority });
    else log(`peer message not delivered: ${verdict}`);
    return own;
  }
}
