import {
  afterClose,
  type ChallengeFrame,
  MeshError,
  type WelcomeFrame,
} from "@claudemesh/protocol";
import { backoffMs } from "./backoff.ts";
import { broken, closeError, unreachable, versionError } from "./ending.ts";
import { greeting, helloId } from "./greeting.ts";
import { frameText, Line } from "./line.ts";
import type { LinkEvents, LinkOptions } from "./link-contract.ts";
import { watchLiveness } from "./liveness.ts";
import { type Phase, type Signal, step } from "./phase.ts";
import { type Incoming, readFrame } from "./read-frame.ts";
import type { SocketLike } from "./types.ts";

/** A connection that lived this long was a good one: the next loss starts the back-off anew. */
const stableMs = 5_000;
/** How long the broker may take to close after it refused a hello. */
const refusalMs = 1_000;
/** "the hello did not come in time" */
const idleCode = 4009;
const probe = frameText({ type: "receipt", id: "probe", receipts: [] });

/** Keeps one connection to a broker: dials, greets, watches, and dials again. */
export class Link {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  #phase: Phase = "waiting";
  #line: Line | undefined;
  #challenge = "";
  #mesh: string | undefined;
  #failures = 0;
  #openedAt: number | undefined;
  #refusal: MeshError | undefined;
  #reason: MeshError | undefined;
  #stopTimer: () => void = () => {};
  #stopLiveness: () => void = () => {};
  #asking: AbortController | undefined;
  readonly #closing = new Set<Promise<void>>();

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The open line, to send on. */
  get line(): Line | undefined {
    return this.#phase === "open" ? this.#line : undefined;
  }

  /** Why there is no connection right now. */
  get reason(): MeshError {
    return this.#reason ?? unreachable(this.#options.endpoint, "no answer yet");
  }

  /** Dials, unless a connection exists or the link has ended. */
  dial(): void {
    if (!this.#move("dial")) return;
    const { endpoint, connect, connectTimeoutMs } = this.#options;
    this.#events.state({ link: "connecting", attempt: this.#failures + 1 });
    this.#arm(connectTimeoutMs, () => {
      const missing = this.#phase === "dialling" ? "challenge" : "welcome";
      this.#lose(unreachable(endpoint, `no ${missing} within ${connectTimeoutMs} ms`), true);
    });
    let socket: SocketLike;
    try {
      socket = connect(endpoint.socketUrl);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "the connection could not be opened";
      this.#lose(unreachable(endpoint, reason), true);
      return;
    }
    const line: Line = new Line(socket, {
      text: (data) => this.#receive(data),
      down: (code, failure) => void this.#down(line, code, failure),
    });
    this.#line = line;
  }

  /** Closes the connection because the reader of events is behind; `dial` resumes. */
  pause(): void {
    if (!this.#move("pause")) return;
    this.#rest("the reader of events is behind", 4008);
  }

  /** Gives up a connection on which an answer failed to come although nothing else came either. */
  suspect(): void {
    if (this.#phase !== "open") return;
    const { endpoint } = this.#options;
    this.#lose(broken(endpoint, "the broker stopped answering"), true);
  }

  /** Ends for good. */
  end(error: MeshError): void {
    if (!this.#move("end")) return;
    this.#hangUp(1000);
    this.#reason = error;
    const closeCode = error.detail?.closeCode;
    this.#events.state({
      link: "closed",
      reason: error.message,
      ...(typeof closeCode === "number" ? { closeCode } : {}),
    });
    this.#events.ended(error);
  }

  /** Settles when the sockets that were hung up are gone. */
  async gone(): Promise<void> {
    await Promise.all(this.#closing);
  }

  #move(signal: Signal): boolean {
    const to = step(this.#phase, signal);
    if (to === "ignore") return false;
    if (to === "breach") {
      this.#breach(`a frame out of order (${signal} while ${this.#phase})`);
      return false;
    }
    this.#phase = to;
    return true;
  }

  #receive(data: unknown): void {
    const incoming = readFrame(data);
    switch (incoming.is) {
      case "none":
        return;
      case "breach":
        this.#breach(incoming.reason);
        return;
      case "challenge":
        if (this.#move("challenged")) this.#greet(incoming.frame);
        return;
      case "welcome":
        if (!this.#move("welcomed")) return;
        if (incoming.frame.mesh === this.#mesh) this.#opened(incoming.frame);
        else this.#breach("a welcome to another mesh");
        return;
      case "event":
        if (this.#move("spoke")) this.#events.event(incoming.event, String(data).length);
        return;
      case "passing":
        if (this.#move("spoke")) this.#events.passing(incoming.event);
        return;
      case "reply":
        this.#replied(incoming);
    }
  }

  #greet(frame: ChallengeFrame): void {
    const { endpoint, member, client, now } = this.#options;
    if (this.#line !== undefined) this.#line.takesTraces = frame.traces === true;
    this.#challenge = frame.challenge;
    const mismatch = versionError(endpoint, frame.protocol);
    if (mismatch !== undefined) {
      this.end(mismatch);
      return;
    }
    if (member === undefined) {
      if (this.#move("welcomed")) this.#opened(undefined);
      return;
    }
    try {
      const on = { challenge: frame.challenge, host: endpoint.host, at: now() };
      const frameUp = greeting(member, on, client);
      this.#mesh = frameUp.hello.mesh;
      this.#line?.send(frameText(frameUp));
    } catch (error) {
      const mesh = error instanceof MeshError ? error : undefined;
      this.end(mesh ?? new MeshError("internal", "the hello could not be made", { cause: error }));
    }
  }

  #opened(welcome: WelcomeFrame | undefined): void {
    this.#stopTimer();
    this.#openedAt = this.#options.now();
    this.#reason = undefined;
    const line = this.#line;
    if (welcome !== undefined && line !== undefined && this.#options.member?.purpose === "feed") {
      this.#stopLiveness = watchLiveness(this.#options.timer, {
        heard: () => line.heard,
        probe: () => line.send(probe),
        dead: () => this.suspect(),
      });
    }
    this.#events.state({ link: "open", welcome });
    this.#events.opened({ challenge: this.#challenge, welcome });
  }

  #replied({ id, outcome }: Extract<Incoming, { is: "reply" }>): void {
    if (id !== helloId) {
      if (this.#move("spoke")) this.#events.reply(id, outcome);
      return;
    }
    if (!("error" in outcome)) {
      this.#breach("a reply to hello in place of a welcome");
      return;
    }
    if (!this.#move("refused")) return;
    const { error } = outcome;
    this.#refusal = error;
    this.#arm(refusalMs, () => this.#lose(error, error.row.retry === "later"));
  }

  async #down(line: Line, code: number, told: string | undefined): Promise<void> {
    const { endpoint, explain, member, reconnect } = this.#options;
    const said = code !== 1005 && code !== 1006 && afterClose(code).after === "reconnect";
    if (this.#refusal !== undefined) {
      this.#lose(this.#refusal, said || this.#refusal.row.retry === "later");
      return;
    }
    const dialled = this.#phase === "dialling" && code === 1006;
    const asking = new AbortController();
    this.#asking = asking;
    const failure = told ?? (dialled ? await explain?.(asking.signal) : undefined);
    if (this.#line !== line) return;
    const opened = this.#openedAt !== undefined;
    const error = closeError(endpoint, { code, failure, opened });
    if (code === idleCode && opened && reconnect && member === undefined) {
      this.#slumber(error);
    } else {
      this.#lose(error, afterClose(code).after === "reconnect");
    }
  }

  /** A broker does not keep anonymous connections without calls: the next call dials again. */
  #slumber(error: MeshError): void {
    if (!this.#move("pause")) return;
    this.#reason = error;
    this.#rest("idle");
    this.#events.lost(error);
  }

  #rest(reason: string, closeCode?: number): void {
    this.#failures = 0;
    this.#hangUp(closeCode);
    this.#events.state({ link: "waiting", retryInMs: 0, reason });
  }

  #breach(reason: string): void {
    const { endpoint } = this.#options;
    this.#lose(broken(endpoint, `the broker sent ${reason}`), true, 4005);
  }

  #lose(error: MeshError, again: boolean, closeCode?: number): void {
    if (!again || !this.#options.reconnect) {
      this.end(error);
      return;
    }
    if (!this.#move("lost")) return;
    const { now, random } = this.#options;
    const good = this.#openedAt !== undefined && now() - this.#openedAt >= stableMs;
    this.#failures = good ? 1 : this.#failures + 1;
    this.#hangUp(closeCode);
    this.#reason = error;
    const retryInMs = Math.max(backoffMs(this.#failures, random), error.retryAfterMs ?? 0);
    this.#arm(retryInMs, () => this.dial());
    this.#events.state({ link: "waiting", retryInMs, reason: error.message });
    this.#events.lost(error);
  }

  #arm(ms: number, fn: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.timer(ms, fn);
  }

  #hangUp(code?: number): void {
    this.#stopTimer();
    this.#stopLiveness();
    this.#stopLiveness = () => {};
    this.#asking?.abort();
    this.#openedAt = undefined;
    this.#refusal = undefined;
    const line = this.#line;
    this.#line = undefined;
    if (line === undefined) return;
    const gone = line.hangUp(this.#options.timer, code);
    this.#closing.add(gone);
    void gone.finally(() => this.#closing.delete(gone));
  }
}
