import { connect, type Socket } from "node:net";

/** A whole text frame as a client sends it (RFC 6455, section 5.2). The masking key is zero, so that text can be put into the frame without masking it again. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  if (length > 0xffff) throw new Error("the bench sends no frame over 64 kB");
  const head = Buffer.alloc(length < 126 ? 6 : 8);
  head[0] = 0x81;
  head[1] = 0x80 | (length < 126 ? length : 126);
  if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
}

/** The least WebSocket client: text frames, no masking to speak of, no checks; the tests have the real one. */
export class RawWebSocket {
  readonly #socket: Socket;
  readonly #onText: (text: string) => void;
  #rest: Buffer = Buffer.alloc(0);
  #unsent: Buffer[] = [];

  /** Connects and switches protocols, which `onOpen` is told of; `onEnd` is told when that fails or the connection ends later. */
  constructor(
    url: URL,
    onText: (text: string) => void,
    onEnd: (error: Error) => void,
    onOpen: () => void = () => {},
  ) {
    this.#onText = onText;
    this.#socket = connect(Number(url.port), url.hostname).setNoDelay();
    this.#socket.on("error", onEnd);
    this.#socket.on("close", () => onEnd(new Error("the broker ended the connection")));
    const lines = [
      "GET /v1/ws HTTP/1.1",
      `Host: ${url.host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ];
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    this.#socket.once("data", (data: Buffer) => {
      const end = data.indexOf("\r\n\r\n");
      if (!data.toString("latin1", 0, end).startsWith("HTTP/1.1 101")) {
        this.#socket.destroy(new Error(`no WebSocket: ${data.toString("latin1", 0, 80)}`));
        return;
      }
      this.#socket.on("data", (more: Buffer) => this.#take(more));
      onOpen();
      this.#take(data.subarray(end + 4));
    });
  }

  /** What one turn sends is one write to the system. */
  send(frame: Buffer): void {
    if (this.#unsent.length === 0) process.nextTick(() => this.#flush());
    this.#unsent.push(frame);
  }

  close(): void {
    this.#socket.removeAllListeners("close").destroy();
  }

  #flush(): void {
    const frames = this.#unsent;
    this.#unsent = [];
    this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }

  #take(data: Buffer): void {
    const all = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    let at = 0;
    for (;;) {
      if (all.length < at + 2) break;
      let length = (all[at + 1] as number) & 0x7f;
      let body = at + 2;
      if (length === 126) {
        if (all.length < at + 4) break;
        length = all.readUInt16BE(at + 2);
        body = at + 4;
      } else if (length === 127) {
        if (all.length < at + 10) break;
        length = Number(all.readBigUInt64BE(at + 2));
        body = at + 10;
      }
      if (all.length < body + length) break;
      this.#frame((all[at] as number) & 0x0f, all.subarray(body, body + length));
      at = body + length;
    }
    this.#rest = all.subarray(at);
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === 1) this.#onText(payload.toString("latin1"));
    else if (opcode === 8) this.#socket.destroy(new Error(`closed with ${payload.readUInt16BE()}`));
    // A ping is answered with its own bytes.
    else if (opcode === 9) this.send(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  }
}
