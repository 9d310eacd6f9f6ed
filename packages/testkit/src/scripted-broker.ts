import type { AddressInfo } from "node:net";
import { limits } from "@claudemesh/protocol";
import { type WebSocket, WebSocketServer } from "ws";

/** A frame that a client sent, as it came. */
export type Received = Readonly<Record<string, unknown>> & { readonly type: string };

/** Hands out what arrives in order, now or later; rejects who waits once it is closed. */
class Arrivals<T> {
  readonly #items: T[] = [];
  readonly #waiting: PromiseWithResolvers<T>[] = [];
  #closed: Error | undefined;

  put(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#items.push(item);
    else waiting.resolve(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const waiting = Promise.withResolvers<T>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  close(reason: string): void {
    this.#closed = new Error(reason);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#closed);
  }
}

/** One client's connection, played by hand. */
export class ScriptedConnection {
  readonly #socket: WebSocket;
  readonly #frames = new Arrivals<Received>();
  /** how the client closed it */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** the HTTP path and query that were asked for */
  readonly path: string;

  constructor(socket: WebSocket, path: string) {
    this.#socket = socket;
    this.path = path;
    const closed = Promise.withResolvers<{ code: number; reason: string }>();
    this.closed = closed.promise;
    socket.on("message", (data) => this.#frames.put(JSON.parse(String(data))));
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      this.#frames.close(`the client closed (${code})`);
      closed.resolve({ code, reason: String(reason) });
    });
  }

  /** The next frame of the client; rejects when it closed instead. */
  next(): Promise<Received> {
    return this.#frames.next();
  }

  /** Sends an object as JSON, and text or bytes as they are. */
  send(frame: object | string | Uint8Array): void {
    this.#socket.send(
      typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame),
    );
  }

  challenge(fields: Readonly<Record<string, unknown>> = {}): void {
    const protocol = { current: 1, min: 1 };
    this.send({ type: "challenge", challenge: challenge, time: 0, protocol, ...fields });
  }

  welcome(fields: Readonly<Record<string, unknown>> = {}): void {
    const roster = { seq: 0, hash: "0".repeat(64) };
    const position = { epoch: "e1", seq: 0 };
    const at = { time: 0, roster, position, headSeq: 0, from: "start", protocol: 1 };
    this.send({ type: "welcome", mesh: scriptedMesh, ...at, ...fields });
  }

  /** Challenges, takes the hello and welcomes; answers the hello frame. */
  async greet(fields: Readonly<Record<string, unknown>> = {}): Promise<Received> {
    this.challenge();
    const hello = await this.next();
    this.welcome(fields);
    return hello;
  }

  reply(id: unknown, output: unknown): void {
    this.send({ type: "reply", id, output });
  }

  refuse(id: unknown, error: Readonly<Record<string, unknown>>): void {
    this.send({ type: "reply", id, error: { message: "refused by the script", ...error } });
  }

  /** Closes with a code, or without one ends the socket in the middle of everything. */
  close(code?: number, reason?: string): void {
    if (code === undefined) this.#socket.terminate();
    else this.#socket.close(code, reason);
  }
}

const challenge = "A".repeat(43);
/** The mesh that `welcome` names unless told otherwise. */
export const scriptedMesh = `mesh_${"1".repeat(64)}`;

/** A WebSocket server without any behaviour of its own: tests play the broker on it, well or badly. */
export class ScriptedBroker {
  readonly #server: WebSocketServer;
  readonly #connections = new Arrivals<ScriptedConnection>();
  readonly port: number;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket, request) => {
      this.#connections.put(new ScriptedConnection(socket, request.url ?? ""));
    });
  }

  /** Listens on a loopback port, a free one unless told. */
  static async start(port = 0): Promise<ScriptedBroker> {
    const server = new WebSocketServer({ host: "127.0.0.1", port, maxPayload: limits.frameChars });
    await new Promise<void>((resolve, reject) => {
      server.once("listening", resolve);
      server.once("error", reject);
    });
    return new ScriptedBroker(server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The next connection that a client opens. */
  connection(): Promise<ScriptedConnection> {
    return this.#connections.next();
  }

  async stop(): Promise<void> {
    this.#connections.close("the scripted broker has stopped");
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
