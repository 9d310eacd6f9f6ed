import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { EventLog } from "../event-log.ts";
import type { Settings, Turn } from "../scenario.ts";
import { Windows } from "./gates.ts";
import { ScriptedModel } from "./scripted-model.ts";

/** A hook's stdin, as the agent gave it. */
export interface HookEvent {
  readonly hook_event_name: string;
  readonly session_id: string;
  readonly transcript_path: string;
  readonly [key: string]: unknown;
}

const reporter = join(import.meta.dirname, "report-hook-process.ts");
const watched = ["UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolBatch", "Stop"];

/** What a scenario plays on: one loopback server that is the model, hears the hooks and holds tools open. */
export class Stage implements AsyncDisposable {
  readonly model: ScriptedModel;
  readonly hooks = new EventLog<HookEvent>("hook event");
  readonly windows = new Windows();
  readonly #server: Server;

  private constructor(turns: readonly Turn[]) {
    this.model = new ScriptedModel(turns);
    this.#server = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => {
        response.destroy(error as Error);
      });
    });
  }

  static async open(turns: readonly Turn[]): Promise<Stage> {
    const stage = new Stage(turns);
    stage.#server.listen(0, "127.0.0.1");
    await once(stage.#server, "listening");
    return stage;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The hooks that report to the stage and change nothing. */
  get reporting(): NonNullable<Settings["hooks"]> {
    const post = { hooks: [{ type: "http", url: `${this.url}/hook` }] };
    const start = { hooks: [{ type: "command", command: process.execPath, args: [reporter] }] };
    const events = [...watched, "SessionEnd"].map((name) => [name, [post]] as const);
    return { ...Object.fromEntries(events), SessionStart: [start] };
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A kept connection could be closed here just as the agent writes its next request on it.
    response.setHeader("connection", "close");
    const path = new URL(request.url ?? "/", this.url).pathname;
    if (path.startsWith("/v1/messages")) await this.model.handle(request, response, path);
    else if (path === "/hook") {
      this.hooks.add((await json(request)) as HookEvent);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    } else if (path.startsWith("/window/")) {
      const name = path.slice("/window/".length);
      await this.windows.hold(name);
      response.end(name);
    } else response.writeHead(404).end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
