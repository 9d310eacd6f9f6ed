import { newDeviceId, signHello, systemRandom } from "@claudemesh/crypto";
import type { BareMember } from "@claudemesh/testkit";
import type { MessageFrame } from "./message-frames.ts";
import { RawWebSocket, textFrame } from "./raw-websocket.ts";

type Settle = PromiseWithResolvers<string>;

const replyHead = '{"type":"reply","id":"';

/** A member's connection that does as little as it can, so that the broker and not its client is measured: no schemas, no reconnecting, no JSON where a place in the text will do. */
export class LoadClient {
  readonly #member: BareMember;
  readonly #purpose: "feed" | "call";
  readonly #device: BareMember["device"];
  readonly #waiting = new Map<string, Settle>();
  #socket: RawWebSocket | undefined;
  #ended: Error | undefined;
  /** told of every event of the log, as text */
  onEvent: (text: string) => void = () => {};

  private constructor(member: BareMember, purpose: "feed" | "call", device: BareMember["device"]) {
    this.#member = member;
    this.#purpose = purpose;
    this.#device = device;
  }

  /** Says hello and resolves at the welcome; `device` is the member's own unless another is given. */
  static async open(
    member: BareMember,
    purpose: "feed" | "call",
    device = member.device,
    onEvent: (text: string) => void = () => {},
  ): Promise<LoadClient> {
    const client = new LoadClient(member, purpose, device);
    client.onEvent = onEvent;
    const welcomed = client.#wait("welcome");
    client.#socket = new RawWebSocket(
      new URL(member.url),
      (text) => client.#take(text),
      (error) => client.#fail(error),
    );
    await welcomed;
    return client;
  }

  /** A feed of another device of the same member. */
  static openDevice(member: BareMember): Promise<LoadClient> {
    return LoadClient.open(member, "feed", newDeviceId(systemRandom));
  }

  /** Sends a message; the seq that it was accepted under, or an error. */
  async send({ id, bytes }: MessageFrame): Promise<number> {
    const waiting = this.#wait(id);
    this.#socket?.send(bytes);
    const reply = await waiting;
    const seq = /"output":\{"id":"[^"]*","seq":(\d+),/.exec(reply)?.[1];
    if (seq === undefined) throw new Error(`refused: ${reply}`);
    return Number(seq);
  }

  close(): void {
    this.#socket?.close();
  }

  #take(text: string): void {
    if (text.startsWith(replyHead)) {
      const end = text.indexOf('"', replyHead.length);
      this.#settle(text.slice(replyHead.length, end), text);
    } else if (text.startsWith('{"type":"event"')) {
      this.onEvent(text);
    } else if (text.startsWith('{"type":"welcome"')) {
      this.#settle("welcome", text);
    } else if (text.startsWith('{"type":"challenge"')) {
      this.#hello(JSON.parse(text));
    }
  }

  #hello({ challenge, time: at }: { challenge: string; time: number }): void {
    const { mesh, member, secret, url } = this.#member;
    const { host } = new URL(url);
    const fields = { mesh, member, device: this.#device, protocol: 1, host, challenge, at };
    const hello = signHello(fields, secret.signer);
    const frame = JSON.stringify({ type: "hello", hello, purpose: this.#purpose });
    this.#socket?.send(textFrame(frame));
  }

  #wait(id: string): Promise<string> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const settle: Settle = Promise.withResolvers();
    this.#waiting.set(id, settle);
    return settle.promise;
  }

  #settle(id: string, text: string): void {
    if (id === "hello") this.#fail(new Error(`hello refused: ${text}`));
    this.#waiting.get(id)?.resolve(text);
    this.#waiting.delete(id);
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
