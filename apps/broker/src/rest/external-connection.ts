import type { Duplex } from "node:stream";
import {
  type CloseCode,
  closeCodes,
  type KeyMessage,
  LogPlace,
  MeshError,
  PROTOCOL_VERSION,
  parse,
} from "@claudemesh/protocol";
import type { RawData, WebSocket } from "ws";
import type { KeyCaller } from "../api-keys/key-actor.ts";
import { keyFeed } from "../api-keys/key-feed.ts";
import { wholeView } from "../api-keys/key-view.ts";
import type { Dispatch } from "../dispatch.ts";
import { readFrame } from "../frames.ts";
import type { Caller } from "../handler.ts";
import { Outlet } from "../outlet.ts";
import type { StreamParts } from "./stream.ts";

export interface ExternalParts extends StreamParts {
  readonly dispatch: Pick<Dispatch, "call">;
}

/** frames that could not be understood but answered, before the connection is ended */
const badFramesAllowed = 100;

/** A WebSocket of an API key: the messages that it may read as they are said, and the calls that it may make. */
export class ExternalConnection {
  readonly #parts: ExternalParts;
  readonly #socket: WebSocket;
  readonly #actor: KeyCaller;
  readonly #caller: Caller;
  readonly #outlet: Outlet;
  readonly #leave: (() => void)[] = [];
  readonly #calls = new Set<string>();
  #frames = 0;
  #badFrames = 0;
  #isHeard = true;
  #isOver = false;

  constructor(
    { socket, stream }: { readonly socket: WebSocket; readonly stream: Duplex },
    actor: KeyCaller,
    caller: Caller,
    parts: ExternalParts,
  ) {
    this.#parts = parts;
    this.#socket = socket;
    this.#actor = actor;
    this.#caller = caller;
    const { config } = parts.services;
    const { timer } = parts;
    const { highWaterBytes, giveUpMs } = config;
    const onStuck = () => this.end(4008);
    this.#outlet = new Outlet({ socket, stream, timer, highWaterBytes, giveUpMs, onStuck });
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("pong", () => this.#heard());
    socket.on("close", () => this.#close());
    // A broken socket closes right after; there is nothing else to do about it.
    socket.on("error", () => {});
    this.#leave.push(timer.every(config.pingMs, () => this.#ask()));
  }

  /** Says welcome and begins to send, after a place where one is given. */
  async start(after: string | undefined): Promise<void> {
    const { hub, log, services } = this.#parts;
    const actor = this.#actor;
    const { mesh, key } = actor;
    try {
      this.#leave.push(services.keyLines.open({ actor, end: (code) => this.end(code) }));
      this.#leave.push(services.keyPresence.enter(actor));
      const roster = await services.rosters.open(mesh);
      const ctx = { ...services, actor, roster };
      const { capabilities, id, name, topics } = key;
      const welcome = {
        type: "welcome",
        mesh,
        protocol: PROTOCOL_VERSION,
        time: services.now(),
        key: { id, name, capabilities, ...(topics && { topics: [...topics] }) },
      };
      if (!capabilities.includes("read")) {
        this.#send(welcome);
        return;
      }
      const spans = await wholeView(ctx);
      // Who is welcomed has its place in the log: nothing that is said from then on is missed.
      const welcomed = Promise.withResolvers<void>();
      const feed = await keyFeed({
        ...{ services, hub, actor, roster },
        after: after === undefined ? undefined : parse(LogPlace, after, "after"),
        view: async () => spans,
        widens: topics === undefined,
        outlet: this.#feedOutlet(welcomed.promise),
        onFailure: (cause) => {
          log.error("feed failed", { requestId: this.#caller.connection, key: id, cause });
          this.end(1011);
        },
      });
      this.#leave.push(() => feed.stop());
      this.#send(welcome);
      welcomed.resolve();
      if (this.#isOver) this.#close();
    } catch (error) {
      this.#send({ type: "reply", id: "hello", error: this.#asRefusal(error).toBody() });
      this.end(error instanceof MeshError && error.code === "rate_limited" ? 1013 : 4004);
    }
  }

  /** Ends with a close code. */
  end(code: CloseCode): void {
    if (this.#isOver) return;
    this.#close();
    this.#socket.close(code, closeCodes[code].sentence);
    this.#parts.timer.after(this.#parts.services.config.giveUpMs, () => this.#socket.terminate());
  }

  #feedOutlet(welcomed: Promise<void>) {
    const outlet = this.#outlet;
    return {
      get full() {
        return outlet.full;
      },
      drained: async () => {
        await welcomed;
        return await outlet.drained();
      },
      send: (message: KeyMessage) => this.#send({ type: "event", kind: "message", message }),
    };
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    this.#heard();
    if (this.#isOver) return;
    if (isBinary) {
      this.end(4005);
      return;
    }
    const received = readFrame(data.toString());
    if (received.kind !== "frame" || received.frame.type !== "call") {
      this.#refuseFrame(received.kind === "bad" ? received.id : undefined);
    } else {
      this.#call(received.frame);
    }
  }

  #refuseFrame(id: string | undefined): void {
    this.#badFrames += 1;
    if (id === undefined || this.#badFrames > badFramesAllowed) {
      this.end(4005);
      return;
    }
    const message = "frame: an API key's connection takes calls only, each with an id of its own";
    this.#refuse(id, new MeshError("malformed", message));
  }

  #call({ id, op, input }: { id: string; op: string; input?: unknown }): void {
    if (this.#calls.has(id)) {
      this.#refuseFrame(id);
      return;
    }
    if (this.#calls.size >= this.#parts.services.config.callsInFlight) {
      const busy = new MeshError("rate_limited", "too many calls at once", { retryAfterMs: 100 });
      this.#refuse(id, busy);
      return;
    }
    this.#calls.add(id);
    this.#frames += 1;
    const requestId = `${this.#caller.connection}.${this.#frames}`;
    this.#parts.dispatch
      .call({
        ...{ requestId, op, input, caller: this.#caller, actor: this.#actor },
        isChecked: false,
        signal: { aborted: this.#isOver },
      })
      .then(
        (output) => this.#send({ type: "reply", id, output }),
        (error: unknown) => this.#refuse(id, this.#asRefusal(error)),
      )
      .finally(() => this.#calls.delete(id));
  }

  #refuse(id: string, error: MeshError): void {
    this.#send({ type: "reply", id, error: error.toBody() });
  }

  #asRefusal(error: unknown): MeshError {
    if (error instanceof MeshError) return error;
    const { connection: requestId } = this.#caller;
    this.#parts.log.error("frame failed", { requestId, key: this.#actor.key.id, cause: error });
    return new MeshError("internal", "something unexpected; the broker's log has the cause");
  }

  #send(frame: unknown): void {
    if (!this.#isOver) this.#outlet.send(JSON.stringify(frame));
  }

  #heard(): void {
    this.#isHeard = true;
  }

  /** A line that said nothing since it was asked is dead. */
  #ask(): void {
    if (!this.#isHeard) {
      this.#socket.terminate();
      return;
    }
    this.#isHeard = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #close(): void {
    this.#isOver = true;
    this.#outlet.close();
    for (const leave of this.#leave.splice(0)) leave();
  }
}
