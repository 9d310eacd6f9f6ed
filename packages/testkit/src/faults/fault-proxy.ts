import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Channel, type LinkFaults, noFaults, type Timer } from "./channel.ts";
import type { Seeded } from "./seeded.ts";

/** `up` is towards the target, `down` is towards the client. */
export type Direction = "up" | "down";

export interface FaultProxyOptions {
  /** port on the loopback address, or the path of a socket, asked for at every connection: the target may move */
  readonly target: () => number | string;
  readonly random: Seeded;
  readonly now: () => number;
  readonly timer: Timer;
}

interface Connection {
  readonly client: Socket;
  readonly target: Socket | undefined;
  readonly channels: Readonly<Record<Direction, Channel>> | undefined;
}

const host = "127.0.0.1";

/** A TCP proxy that harms what passes through it. Faults act on all connections, those open and those to come. */
export class FaultProxy implements AsyncDisposable {
  readonly #options: FaultProxyOptions;
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #faults: Readonly<Record<Direction, LinkFaults>> = { up: noFaults, down: noFaults };
  #isHalfOpen = false;
  #port = 0;

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await proxy.accept();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${host}:${this.#port}`;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Bytes that are held back now, in all connections. */
  get heldBytes(): number {
    let bytes = 0;
    for (const { channels } of this.#connections) {
      if (channels) bytes += channels.up.heldBytes + channels.down.heldBytes;
    }
    return bytes;
  }

  /** Sets faults of one direction or both; what is not named stays as it is. */
  harm(faults: Partial<LinkFaults>, direction?: Direction): void {
    const { up, down } = this.#faults;
    this.#faults = {
      up: direction === "down" ? up : { ...up, ...faults },
      down: direction === "up" ? down : { ...down, ...faults },
    };
    this.#flush();
  }

  /** New connections are accepted and lead nowhere, also later; open ones stall until `heal`. */
  halfOpen(): void {
    this.#isHalfOpen = true;
    this.harm({ stalled: true });
  }

  /** Ends all connections, with a reset. In one direction they stay open, and what goes that way vanishes. */
  cut(direction?: Direction): void {
    for (const connection of [...this.#connections]) {
      if (direction === undefined) this.#end(connection);
      else connection.channels?.[direction].deafen();
    }
  }

  /** Each open connection ends in the middle of the next bytes that go in this direction. */
  cutInside(direction: Direction): void {
    for (const { channels } of this.#connections) channels?.[direction].cutNext();
  }

  /** Refuses new connections until `accept`. Open ones go on. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Listens, again on the port that it had. */
  async accept(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true }, (client) => this.#connect(client));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, host, () => resolve());
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Ends every lasting fault. Connections that lead nowhere or were cut in one direction stay so until they are cut. */
  async heal(): Promise<void> {
    this.#isHalfOpen = false;
    this.#faults = { up: noFaults, down: noFaults };
    await this.accept();
    this.#flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.cut();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #flush(): void {
    for (const { channels } of this.#connections) {
      channels?.up.flush();
      channels?.down.flush();
    }
  }

  #connect(client: Socket): void {
    client.setNoDelay(true);
    if (this.#isHalfOpen) {
      this.#keep({ client, target: undefined, channels: undefined });
      return;
    }
    const to = this.#options.target();
    const target = connect({
      ...(typeof to === "string" ? { path: to } : { port: to, host }),
      allowHalfOpen: true,
    });
    target.setNoDelay(true);
    const onCut = () => this.#end(connection);
    const { random, now, timer } = this.#options;
    const channel = (direction: Direction, from: Socket, to: Socket) =>
      new Channel({
        from,
        to,
        faults: () => this.#faults[direction],
        random: random.fork(),
        now,
        timer,
        onCut,
      });
    const channels = { up: channel("up", client, target), down: channel("down", target, client) };
    const connection = { client, target, channels };
    this.#keep(connection);
  }

  #keep(connection: Connection): void {
    this.#connections.add(connection);
    const { client, target } = connection;
    for (const socket of [client, target]) {
      socket?.on("error", () => this.#end(connection));
      socket?.on("close", () => {
        if (client.destroyed && (target?.destroyed ?? true)) this.#end(connection);
      });
    }
    if (target === undefined) client.resume().on("end", () => this.#end(connection));
  }

  #end(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    connection.channels?.up.stop();
    connection.channels?.down.stop();
    for (const socket of [connection.client, connection.target]) if (socket) reset(socket);
  }
}

/** Ends a socket with a reset. One that is being ended or dialled already is dropped without: Node never closes the handle of such a one otherwise. */
function reset(socket: Socket): void {
  // A socket of the file system has no peer address, and no way to be reset.
  const isLocal = socket.remoteAddress === undefined;
  if (isLocal || socket.writableEnded || socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}
