import { connect, type Socket } from "node:net";
import { newDeviceId, signHello, systemRandom } from "@claudemesh/crypto";
import type { BareMember } from "@claudemesh/testkit";
import WebSocket from "ws";

type Settle = PromiseWithResolvers<Record<string, unknown>>;

/** A member's connection that does as little as it can, so that the broker and not its client is measured: no schemas, no reconnecting. */
export class LoadClient {
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #waiting = new Map<string, Settle>();

  private constructor(url: URL) {
    this.#stream = connect(Number(url.port), url.hostname).setNoDelay();
    this.#socket = new WebSocket(`ws://${url.host}/v1/ws`, {
      perMessageDeflate: false,
      createConnection: () => this.#stream,
    });
  }

  /** Says hello and resolves at the welcome; `device` is the member's own unless another is given. */
  static async open(
    member: BareMember,
    purpose: "feed" | "call",
    device = member.device,
  ): Promise<LoadClient> {
    const url = new URL(member.url);
    const { host } = url;
    const client = new LoadClient(url);
    const socket = client.#socket;
    const welcomed = client.#wait("welcome");
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data));
      if (frame.type === "reply") client.#settle(frame.id, frame);
      else if (frame.type === "welcome") client.#settle("welcome", {});
      else if (frame.type === "challenge") {
        const { mesh, member: id, secret } = member;
        const { challenge, time: at } = frame;
        const fields = { mesh, member: id, device, protocol: 1, host, challenge, at };
        const hello = signHello(fields, secret.signer);
        socket.send(JSON.stringify({ type: "hello", hello, purpose }));
      }
    });
    socket.on("error", (error) => client.#fail(error));
    socket.on("close", (code) => client.#fail(new Error(`closed with ${code}`)));
    await welcomed;
    return client;
  }

  /** Another device of the same member. */
  static openDevice(member: BareMember): Promise<LoadClient> {
    return LoadClient.open(member, "feed", newDeviceId(systemRandom));
  }

  /** Sends a ready-made call frame; the reply's output, or an error. */
  async call(id: string, text: string): Promise<unknown> {
    const reply = this.#wait(id);
    this.#send(text);
    const { error, output } = await reply;
    if (error === undefined) return output;
    throw new Error(`refused: ${JSON.stringify(error)}`);
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.terminate();
  }

  /** What one turn sends is one write to the system. */
  #send(text: string): void {
    if (this.#stream.writableCorked === 0) {
      this.#stream.cork();
      process.nextTick(() => this.#stream.uncork());
    }
    this.#socket.send(text);
  }

  #wait(id: string): Promise<Record<string, unknown>> {
    const settle: Settle = Promise.withResolvers();
    this.#waiting.set(id, settle);
    return settle.promise;
  }

  #settle(id: string, frame: Record<string, unknown>): void {
    if (id === "hello") this.#fail(new Error(`hello refused: ${JSON.stringify(frame.error)}`));
    this.#waiting.get(id)?.resolve(frame);
    this.#waiting.delete(id);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
