import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Every byte of one connection, each direction by itself. */
export interface Recording {
  /** from the client to the broker */
  readonly up: readonly Buffer[];
  /** from the broker to the client */
  readonly down: readonly Buffer[];
}

/** A TCP proxy that keeps what passes: the wire as someone between a device and its broker sees it. */
export class RecordingProxy implements AsyncDisposable {
  readonly recordings: Recording[] = [];
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #target: number | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (client) => this.#join(client));
  }

  /** Listens on a free loopback port; until there is a target, connections are dropped. */
  static async start(): Promise<RecordingProxy> {
    const server = createServer();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
    await promise;
    return new RecordingProxy(server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Passes new connections on to this loopback port. */
  target(port: number): void {
    this.#target = port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #join(client: Socket): void {
    if (this.#target === undefined) {
      client.destroy();
      return;
    }
    const broker = connect(this.#target, "127.0.0.1");
    const up: Buffer[] = [];
    const down: Buffer[] = [];
    this.recordings.push({ up, down });
    client.on("data", (part) => up.push(part as Buffer));
    broker.on("data", (part) => down.push(part as Buffer));
    client.pipe(broker).pipe(client);
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
