import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { NatsServer } from "../../packages/testkit/src/cluster/nats-server.ts";

interface Heard {
  readonly subject: string;
  readonly data: Buffer;
}

/** Somebody who reaches the nodes' nats-server without any of our code, hears everything there, and says what it likes (https://docs.nats.io/reference/nats-protocol). */
export class Stranger implements AsyncDisposable {
  readonly heard: Heard[] = [];
  /** what it says to something that it hears; nothing until that is set */
  answer: (heard: Heard) => void = () => {};
  readonly #socket: Socket;
  readonly #pongs: (() => void)[] = [];
  #rest = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes) => {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      while (this.#take());
    });
    socket.write('CONNECT {"verbose":false,"echo":false}\r\nSUB claudemesh.> 1\r\n');
  }

  static async at({ port }: NatsServer): Promise<Stranger> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const stranger = new Stranger(socket);
    await stranger.done();
    return stranger;
  }

  say(subject: string, data: Uint8Array | string): void {
    const bytes = Buffer.from(data);
    this.#socket.write(`PUB ${subject} ${bytes.length}\r\n`);
    this.#socket.write(bytes);
    this.#socket.write("\r\n");
  }

  /** The server has passed on everything that was said. */
  async done(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#pongs.push(resolve);
      this.#socket.write("PING\r\n");
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }

  /** Takes one line, with what belongs to it; false when that is not all there. */
  #take(): boolean {
    const end = this.#rest.indexOf("\r\n");
    if (end < 0) return false;
    const [what, subject = "", , length] = this.#rest.toString("latin1", 0, end).split(" ");
    const from = end + 2;
    const bytes = what === "MSG" ? Number(length) + 2 : 0;
    if (this.#rest.length < from + bytes) return false;
    const data = Buffer.from(this.#rest.subarray(from, from + Math.max(0, bytes - 2)));
    this.#rest = this.#rest.subarray(from + bytes);
    if (what === "PING") this.#socket.write("PONG\r\n");
    if (what === "PONG") this.#pongs.shift()?.();
    if (what === "MSG") {
      this.heard.push({ subject, data });
      this.answer({ subject, data });
    }
    return true;
  }
}
