import { connect, type Socket } from "node:net";

/** Takes one answer of length `end - from` out of what came in; answers where the next begins, or undefined while it is not whole. */
type TakeAnswer = (text: string, from: number) => number | undefined;

/** The least client for a protocol of lines: what one turn writes is one write to the system, as in the load client for our broker. */
export class LineClient {
  readonly #socket: Socket;
  #rest = "";

  private constructor(socket: Socket, take: TakeAnswer) {
    this.#socket = socket.setNoDelay().setEncoding("latin1");
    socket.on("data", (data: string) => {
      const text = this.#rest + data;
      let from = 0;
      for (;;) {
        const next = take(text, from);
        if (next === undefined) break;
        from = next;
      }
      this.#rest = text.slice(from);
    });
  }

  /** Connects to this machine; throws when nobody listens there. */
  static async open(port: number, take: TakeAnswer): Promise<LineClient> {
    const socket = connect(port, "127.0.0.1");
    const opened = Promise.withResolvers<void>();
    socket.once("connect", opened.resolve).once("error", opened.reject);
    await opened.promise;
    return new LineClient(socket, take);
  }

  send(text: string): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      process.nextTick(() => this.#socket.uncork());
    }
    this.#socket.write(text, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }
}
