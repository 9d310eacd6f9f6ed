import type { Duplex } from "node:stream";
import {
  type CloseCode,
  closeCodes,
  type DownFrame,
  MeshError,
  MIN_SUPPORTED_VERSION,
  PROTOCOL_VERSION,
  type SessionId,
  type UpFrame,
} from "@claudemesh/protocol";
import type { RawData, WebSocket } from "ws";
import type { ConnectionParts } from "./connection-parts.ts";
import { readFrame } from "./frames.ts";
import { hiddenFrom } from "./grants.ts";
import type { Actor, Caller, Waiting } from "./handler.ts";
import { closeFor, greet } from "./hello.ts";
import { acknowledge } from "./log/ack.ts";
import { Feed } from "./log/feed.ts";
import { traceParentOf } from "./observe/trace-parent.ts";
import { Outlet } from "./outlet.ts";

type Frame<T extends UpFrame["type"]> = Extract<UpFrame, { type: T }>;

/** frames that could not be understood but answered, before the connection is ended */
const badFramesAllowed = 100;

/** One client's WebSocket, from challenge to close. Frames are taken in order; calls run side by side, up to a bound. */
export class Connection {
  readonly caller: Caller;
  readonly #parts: ConnectionParts;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #outlet: Outlet;
  readonly #calls = new Map<string, { aborted: boolean }>();
  readonly #backlog: string[] = [];
  readonly #idle: (() => void)[] = [];
  #actor: Actor | undefined;
  #greeting = false;
  #ending = false;
  #badFrames = 0;
  /** frames that were given a request id */
  #frames = 0;
  #feed: Feed | undefined;
  #cancelHelloTimer: () => void = () => {};
  #leavePresence: () => void = () => {};
  /** since the client was last heard; kept by `Connections` */
  silentMs = 0;
  asked = false;

  constructor(socket: WebSocket, stream: Duplex, caller: Caller, parts: ConnectionParts) {
    const { config, now } = parts.greeter.services;
    this.caller = caller;
    this.#socket = socket;
    this.#stream = stream;
    this.#parts = parts;
    this.#outlet = new Outlet({
      socket,
      stream,
      timer: parts.timer,
      highWaterBytes: config.highWaterBytes,
      giveUpMs: config.giveUpMs,
      onStuck: () => {
        parts.log.info("reader is too slow", this.#names());
        parts.metrics.drop("too_slow");
        this.end(4008);
      },
    });
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("pong", () => this.#heard());
    socket.on("ping", () => this.#heard());
    socket.on("close", (code) => this.#onClose(code));
    // What broke the protocol has been sent a close frame, and may never answer it.
    socket.on("error", (cause) => {
      parts.log.debug("socket failed", { ...this.#names(), cause });
      parts.timer.after(config.giveUpMs, () => socket.terminate());
    });
    this.#send({
      type: "challenge",
      challenge: caller.challenge,
      time: now(),
      protocol: { current: PROTOCOL_VERSION, min: MIN_SUPPORTED_VERSION },
      ...(config.otlpUrl === "" ? {} : { traces: true }),
    });
    this.#awaitHello();
  }

  get actor(): Actor | undefined {
    return this.#actor;
  }

  get isFeed(): boolean {
    return this.#feed !== undefined;
  }

  /** What is addressed to this session of the device comes with its feed from now on. */
  expect(session: SessionId): void {
    this.#feed?.expect(session);
  }

  /** Sends what is not in the log, unless the reader is behind. */
  tell(text: string): void {
    if (this.#feed === undefined || this.#ending) return;
    if (this.#outlet.full) this.#parts.metrics.drop("reader_behind");
    else this.#outlet.send(text);
  }

  /** As `tell`, of several frames that are made already. */
  tellFrames(frames: Buffer, count: number): void {
    if (this.#feed === undefined || this.#ending) return;
    if (this.#outlet.full) this.#parts.metrics.drop("reader_behind", count);
    else this.#outlet.sendFrames(frames);
  }

  get unsentBytes(): number {
    return this.#outlet.unsentBytes;
  }

  ping(): void {
    this.asked = true;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Ends at once, without the close handshake. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Ends with a close code; nothing more is read. */
  end(code: CloseCode): void {
    this.#ending = true;
    this.#backlog.length = 0;
    this.#feed?.stop();
    this.#outlet.close();
    if (this.#socket.isPaused) this.#socket.resume();
    this.#socket.close(code, closeCodes[code].sentence);
    this.#parts.timer.after(this.#config.giveUpMs, () => this.#socket.terminate());
  }

  /** Ends with a close code once the calls in flight are answered, `ms` at most. */
  async finish(code: CloseCode, ms: number): Promise<void> {
    this.#ending = true;
    this.#backlog.length = 0;
    // What waits for items is answered, and holds nothing up.
    this.#parts.greeter.services.streams.lost(this.caller.connection);
    if (this.#calls.size > 0) {
      const answered = Promise.withResolvers<void>();
      const cancel = this.#parts.timer.after(ms, answered.resolve);
      this.#idle.push(answered.resolve);
      await answered.promise;
      cancel();
    }
    this.end(code);
  }

  get #config() {
    return this.#parts.greeter.services.config;
  }

  #names() {
    const { connection, address } = this.caller;
    return { connection, address, ...this.#actor };
  }

  #heard(): void {
    this.silentMs = 0;
    this.asked = false;
  }

  #awaitHello(): void {
    this.#cancelHelloTimer();
    this.#cancelHelloTimer = this.#parts.timer.after(this.#config.helloMs, () => {
      const busy = this.#greeting || this.#calls.size > 0;
      if (this.#actor !== undefined || busy || this.#ending) return;
      this.#parts.metrics.drop("hello_late");
      this.end(4009);
    });
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    this.#heard();
    if (this.#ending) return;
    if (isBinary) {
      this.#parts.metrics.drop("garbage");
      this.end(4005);
      return;
    }
    this.#backlog.push(data.toString());
    this.#pump();
  }

  /** Takes what may be taken now; the socket is not read while anything is left. */
  #pump(): void {
    while (this.#backlog.length > 0 && this.#mayTake()) {
      const text = this.#backlog.shift();
      if (text !== undefined) this.#take(text);
    }
    const paused = this.#socket.isPaused;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#backlog.length > 0 && !paused) this.#socket.pause();
    if (this.#backlog.length === 0 && paused) this.#socket.resume();
    if (this.#backlog.length > 0 && this.#outlet.full) {
      void this.#outlet.drained().then((open) => open && this.#pump());
    }
  }

  #mayTake(): boolean {
    return !this.#greeting && !this.#outlet.full && this.#calls.size < this.#config.callsInFlight;
  }

  #take(text: string): void {
    const received = readFrame(text);
    if (received.kind === "garbage") {
      this.#parts.metrics.drop("garbage");
      this.end(4005);
    } else if (received.kind === "version") {
      this.#refuseVersion(received.protocol);
    } else if (received.kind === "bad") {
      this.#refuseFrame(received.id, received.error);
    } else {
      const { frame, isChecked } = received;
      if (frame.type === "hello") void this.#hello(frame);
      else if (frame.type === "call") this.#call(frame, isChecked);
      else if (frame.type === "receipt") this.#receipt(frame);
      else this.#cancel(frame.id);
    }
  }

  #refuseVersion(protocol: number): void {
    const detail = { protocol, current: PROTOCOL_VERSION, min: MIN_SUPPORTED_VERSION };
    const message = `the broker speaks protocol ${MIN_SUPPORTED_VERSION} to ${PROTOCOL_VERSION}, not ${protocol}`;
    this.#refuse("hello", new MeshError("upgrade_required", message, { detail }));
    this.end(4010);
  }

  #refuseFrame(id: string | undefined, error: MeshError): void {
    this.#badFrames += 1;
    this.#parts.metrics.drop("bad_frame");
    if (id !== undefined) this.#refuse(id, error);
    if (id === "hello") this.end(4004);
    else if (id === undefined || this.#badFrames > badFramesAllowed) this.end(4005);
    else if (!this.#parts.mayErr(this.caller.address)) this.end(4005);
  }

  async #hello(frame: Frame<"hello">): Promise<void> {
    if (this.#actor !== undefined) {
      this.#refuseFrame("hello", new MeshError("malformed", "hello: this connection had one"));
      return;
    }
    this.#greeting = true;
    try {
      await this.#enter(frame);
    } catch (error) {
      const requestId = this.#nextRequestId();
      const refusal = this.#asRefusal(error, requestId);
      const { code, message } = refusal;
      this.#parts.log.debug("hello refused", { requestId, ...this.#names(), code, message });
      this.#parts.metrics.drop("hello_refused");
      this.#refuse("hello", refusal, requestId);
      this.end(closeFor(refusal));
    }
    this.#greeting = false;
    this.#pump();
  }

  async #enter(frame: Frame<"hello">): Promise<void> {
    const { connections, greeter, log } = this.#parts;
    const { grants, presence, now, sessions, store } = greeter.services;
    const { actor, after, roster, welcome, ...had } = await greet(greeter, frame, this.caller);
    if (this.#ending || this.#socket.readyState !== this.#socket.OPEN) return;
    // Nothing is awaited from here on: what was checked while greeting may have changed meanwhile.
    greeter.frozen.require(actor.mesh);
    if (!roster.isMember(actor.member)) {
      throw new MeshError("not_member", "you are not a member of the mesh any more");
    }
    connections.identify(this, actor, frame.purpose);
    this.#actor = actor;
    this.#parts.proved(this.#stream);
    this.#cancelHelloTimer();
    const { mesh, member } = actor;
    this.#leavePresence = presence.enter({ ...actor, type: "human", connectedAt: now() });
    this.#send(welcome);
    log.info("connected", { ...this.#names(), purpose: frame.purpose, client: frame.client });
    if (frame.purpose !== "feed") return;
    this.#feed = new Feed({
      mesh,
      member,
      sessions: [...new Set([...had.sessions, ...sessions.expected(actor)])],
      after,
      headSeq: welcome.headSeq,
      hub: greeter.hub,
      read: store.read,
      outlet: this.#outlet,
      hides: async () => hiddenFrom(await grants.of(mesh), roster, member),
      onFailure: (cause) => {
        log.error("feed failed", { ...this.#names(), cause });
        this.end(1011);
      },
    });
    this.#feed.start();
  }

  #call({ id, op, input, trace: told }: Frame<"call">, isChecked: boolean): void {
    const { actor, caller } = this;
    const trace = traceParentOf(told);
    this.#answer(id, (signal, requestId) =>
      this.#parts.dispatch.call({ requestId, op, input, isChecked, caller, actor, signal, trace }),
    );
  }

  #receipt(frame: Frame<"receipt">): void {
    const { greeter, receipts } = this.#parts;
    this.#answer(frame.id, async () => {
      const actor = this.#actor;
      if (actor === undefined || this.#feed === undefined) {
        throw new MeshError("unauthorized", "only a device's feed acknowledges");
      }
      receipts.take(`${actor.mesh} ${actor.member}`, Math.max(1, frame.receipts.length));
      return await acknowledge(greeter.services, greeter.cursors, actor, frame);
    });
  }

  #answer(id: string, work: (signal: Waiting, requestId: string) => Promise<unknown>): void {
    const requestId = this.#nextRequestId();
    if (this.#calls.has(id)) {
      this.#refuseFrame(id, new MeshError("malformed", "id: a call of this id is in flight"));
      return;
    }
    const signal = { aborted: false };
    this.#calls.set(id, signal);
    work(signal, requestId).then(
      (output) => {
        if (!signal.aborted) this.#send({ type: "reply", id, output });
        this.#answered(id);
      },
      (error: unknown) => {
        if (!signal.aborted) this.#refuse(id, this.#asRefusal(error, requestId), requestId);
        this.#answered(id);
      },
    );
  }

  #answered(id: string): void {
    this.#calls.delete(id);
    if (this.#calls.size === 0) for (const done of this.#idle.splice(0)) done();
    if (this.#actor === undefined) this.#awaitHello();
    this.#pump();
  }

  #cancel(id: string): void {
    const call = this.#calls.get(id);
    if (call !== undefined) call.aborted = true;
  }

  #asRefusal(error: unknown, requestId: string): MeshError {
    if (error instanceof MeshError) return error;
    this.#parts.log.error("frame failed", { requestId, ...this.#names(), cause: error });
    return new MeshError("internal", "something unexpected; the broker's log has the cause");
  }

  /** Begins with the connection's own id, so that the log's lines of both are found together; costs no randomness per frame. */
  #nextRequestId(): string {
    this.#frames += 1;
    return `${this.caller.connection}.${this.#frames}`;
  }

  #refuse(id: string, error: MeshError, requestId = this.#nextRequestId()): void {
    this.#send({ type: "reply", id, error: { ...error.toBody(), requestId } });
  }

  #send(frame: DownFrame): void {
    this.#outlet.send(JSON.stringify(frame));
  }

  #onClose(code: number): void {
    const { connections, greeter, log, metrics } = this.#parts;
    metrics.closed(code);
    this.#ending = true;
    this.#cancelHelloTimer();
    this.#feed?.stop();
    this.#outlet.close();
    this.#leavePresence();
    greeter.services.sessions.lost(this.caller.connection);
    greeter.services.streams.lost(this.caller.connection);
    for (const call of this.#calls.values()) call.aborted = true;
    greeter.services.rosters.leave(this.#actor?.mesh, this.caller.connection);
    connections.remove(this);
    if (this.#actor !== undefined) log.info("disconnected", this.#names());
  }
}
