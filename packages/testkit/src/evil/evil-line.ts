import { WebSocket } from "ws";

/** A frame as parsed JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** What can be sent down: a frame, or text and bytes that are none. */
export type Told = Fields | string | Uint8Array;

/** What a lie does with the frames that pass through. Each answers what goes on in place of the frame; nothing drops it. */
export interface Trick {
  readonly down?: (frame: Fields, line: EvilLine) => readonly Told[];
  readonly up?: (frame: Fields, line: EvilLine) => readonly Fields[];
}

export interface LineHost {
  readonly trick: () => Trick;
  readonly record: (way: "up" | "down", frame: Fields, line: EvilLine) => void;
  /** numbers invented events, so that no two have the same position */
  readonly invent: () => number;
}

/** Positions of the true log are spread this far apart on the way down, so that invented events have room between them. */
const stride = 1_000_000;

/** One device's connection, with the true broker behind it. */
export class EvilLine {
  readonly #down: WebSocket;
  readonly #up: WebSocket;
  readonly #host: LineHost;
  readonly #unsent: string[] = [];
  /** operation (or `receipt`) and input of each call, by its id */
  readonly calls = new Map<string, { readonly op: string; readonly input: unknown }>();
  /** whose it is, once a hello was sent */
  member: string | undefined;
  /** the last position that the device was given */
  seq = 0;

  constructor(down: WebSocket, upstream: string, host: LineHost) {
    this.#down = down;
    this.#host = host;
    this.#up = new WebSocket(upstream);
    this.#up.on("open", () => {
      for (const text of this.#unsent.splice(0)) this.#up.send(text);
    });
    this.#up.on("message", (data) => this.#fromBroker(JSON.parse(String(data)) as Fields));
    this.#up.on("close", (code, reason) => this.close(code, String(reason)));
    this.#up.on("error", () => this.#down.terminate());
    down.on("message", (data) => this.#fromDevice(JSON.parse(String(data)) as Fields));
    down.on("close", () => this.#up.terminate());
    down.on("error", () => this.#up.terminate());
  }

  /** Sends to the device. */
  tell(told: Told): void {
    if (this.#down.readyState !== WebSocket.OPEN) return;
    if (typeof told !== "string" && !(told instanceof Uint8Array)) {
      if (told.type === "event" && typeof told.seq === "number") this.seq = told.seq;
      this.#down.send(JSON.stringify(told));
    } else this.#down.send(told);
  }

  /** Sends to the true broker. */
  ask(frame: Fields): void {
    const text = JSON.stringify(frame);
    if (this.#up.readyState === WebSocket.OPEN) this.#up.send(text);
    else this.#unsent.push(text);
  }

  /** An event that the log does not have, at the next free position. */
  event(kind: string, body: unknown): Fields {
    const seq = Math.floor(this.seq / stride) * stride + this.#host.invent();
    this.seq = seq;
    return { type: "event", kind, seq, id: `invented-${seq}`, at: 1, body };
  }

  /** Closes the device's side with a code; without one it just ends. */
  close(code?: number, reason?: string): void {
    const isSendable = code === 1000 || (code !== undefined && code >= 1001 && code !== 1005);
    if (code === undefined || !isSendable || code === 1006) this.#down.terminate();
    else this.#down.close(code, reason);
  }

  end(): void {
    this.#down.terminate();
    this.#up.terminate();
  }

  #fromBroker(frame: Fields): void {
    this.#host.record("down", frame, this);
    const spread = spreadOut(frame);
    if (frame.type === "welcome") this.seq = (spread.position as { seq: number }).seq;
    for (const told of this.#host.trick().down?.(spread, this) ?? [spread]) this.tell(told);
  }

  #fromDevice(frame: Fields): void {
    if (frame.type === "hello") this.member = (frame.hello as { member: string }).member;
    this.#host.record("up", frame, this);
    if (frame.type === "call") {
      this.calls.set(String(frame.id), { op: String(frame.op), input: frame.input });
    }
    if (frame.type === "receipt") this.calls.set(String(frame.id), { op: "receipt", input: frame });
    const closed = gatherUp(frame);
    for (const sent of this.#host.trick().up?.(closed, this) ?? [closed]) this.ask(sent);
  }
}

/** Positions of the true log, as the device is told them. */
function spreadOut(frame: Fields): Fields {
  if (frame.type === "event" && typeof frame.seq === "number") {
    return { ...frame, seq: frame.seq * stride };
  }
  if (frame.type === "reply" && frame.output !== undefined)
    return { ...frame, output: versionsOut(frame.output) };
  if (frame.type !== "welcome") return frame;
  const position = frame.position as { seq: number };
  return {
    ...frame,
    position: { ...position, seq: position.seq * stride },
    headSeq: Number(frame.headSeq) * stride,
  };
}

/** A record's version is its place in the log, too. */
function versionsOut(output: unknown): unknown {
  if (typeof output !== "object" || output === null) return output;
  if (Array.isArray(output)) return output.map(versionsOut);
  const { items, record, version } = output as {
    items?: unknown;
    record?: unknown;
    version?: unknown;
  };
  const isRecord = "written" in output || "replaced" in output || record !== undefined;
  return {
    ...output,
    ...(items === undefined ? {} : { items: versionsOut(items) }),
    ...(record === undefined ? {} : { record: versionsOut(record) }),
    ...(isRecord && typeof version === "number" ? { version: version * stride } : {}),
  };
}

/** The device's positions, as the true broker knows them. */
const gatherUp = (frame: Fields): Fields =>
  frame.type === "receipt" && typeof frame.ack === "number"
    ? { ...frame, ack: Math.floor(frame.ack / stride) }
    : frame;
