import { BareMember, found, join } from "@claudemesh/testkit";
import type { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { LoadClient } from "../claudemesh/load-client.ts";
import { type MessageFrame, messageFrames } from "../claudemesh/message-frames.ts";
import type { Resources } from "../resources.ts";
import { quantile } from "../stats.ts";

/** One who writes to another, each at a node. */
export class Pair {
  readonly #sender: LoadClient;
  readonly #next: () => MessageFrame;
  /** when each message that has not arrived was sent */
  readonly #underWay = new Map<string, number>();
  #latencies: number[] = [];
  #arrived = () => {};

  private constructor(sender: LoadClient, reader: LoadClient, next: () => MessageFrame) {
    this.#sender = sender;
    this.#next = next;
    reader.onEvent = (text) => this.#take(text);
  }

  /** `alice` writes by way of the one node, `bob` reads at the other. */
  static async open(resources: Resources, { alice, bob, at, frames }: PairOf): Promise<Pair> {
    const [from, to] = at;
    const writer = memberAt(alice, from);
    const sender = await LoadClient.open(writer, "call");
    const reader = await LoadClient.open(memberAt(bob, to), "feed");
    resources.defer(() => {
      sender.close();
      reader.close();
    });
    return new Pair(sender, reader, frames?.(writer) ?? messageFrames(writer, bob));
  }

  /** Sends so many at a time for so long, and waits until all have arrived; how long each took, in ms. */
  async run(inFlight: number, ms: number): Promise<number[]> {
    this.#latencies = [];
    const end = performance.now() + ms;
    const lane = async (): Promise<void> => {
      while (performance.now() < end) {
        const frame = this.#next();
        this.#underWay.set(frame.id, performance.now());
        await this.#sender.send(frame);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    while (this.#underWay.size > 0) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#latencies;
  }

  #take(text: string): void {
    const id = /"id":"(msg_[^"]*)"/.exec(text)?.[1] ?? "";
    const began = this.#underWay.get(id);
    if (began === undefined) return;
    this.#underWay.delete(id);
    this.#latencies.push(performance.now() - began);
    if (this.#underWay.size === 0) this.#arrived();
  }
}

export interface PairOf {
  readonly alice: BareMember;
  readonly bob: BareMember;
  /** the nodes of writer and reader */
  readonly at: readonly [BrokerProcess, BrokerProcess];
  /** what the writer writes; to the reader alone unless given */
  readonly frames?: (from: BareMember) => () => MessageFrame;
}

/** The same member as it connects to another node. */
export const memberAt = ({ secret, member, roster, ring }: BareMember, { url }: BrokerProcess) =>
  new BareMember(url, secret, member, roster, ring);

/** A mesh of two at a node. */
export async function twoAt({ url }: BrokerProcess): Promise<Omit<PairOf, "at">> {
  const alice = await found(url, "alice");
  return { alice, bob: await join(alice, "bob") };
}

export const latencyFigures = (latencies: readonly number[]) => ({
  "p50 ms": quantile(latencies, 0.5),
  "p99 ms": quantile(latencies, 0.99),
});
