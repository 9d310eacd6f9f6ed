import type { TestContext } from "node:test";
import {
  createIdentitySeed,
  deriveMember,
  newDeviceId,
  ready,
  signHello,
  systemRandom,
} from "@claudemesh/crypto";
import { type MemberId, type MeshId, PROTOCOL_VERSION } from "@claudemesh/protocol";
import { type Client, type ClientOptions, createClient, type LinkState } from "@claudemesh/sdk";
import { ScriptedBroker, scriptedMesh } from "../../../packages/testkit/src/scripted-broker.ts";
import { ManualClock } from "./manual-clock.ts";

await ready();
const mesh = scriptedMesh as MeshId;
const { signer } = deriveMember(createIdentitySeed(systemRandom), { mesh }, 0);
const member = `mbr_${"2".repeat(64)}` as MemberId;
const device = newDeviceId(systemRandom);

/** A member whose hello is signed for real. */
export const memberOf = (
  purpose: "feed" | "call",
  cursor?: () => string | undefined,
): NonNullable<ClientOptions["member"]> => ({
  purpose,
  sign: (on) => signHello({ mesh, member, device, protocol: PROTOCOL_VERSION, ...on }, signer),
  ...(cursor === undefined ? {} : { cursor }),
});

export interface Setup {
  readonly broker: ScriptedBroker;
  readonly clock: ManualClock;
  /** a client of the broker, on the manual clock */
  client(options?: Partial<ClientOptions>): Client;
}

/** A scripted broker and clients of it, all ended with the test. */
export async function setup(t: TestContext): Promise<Setup> {
  const broker = await ScriptedBroker.start();
  const clock = new ManualClock();
  const clients: Client[] = [];
  t.after(async () => {
    // The sockets of the broker go first: a client waits for a closing handshake, and time stands still.
    await broker.stop();
    await Promise.all(clients.map((client) => client.close()));
  });
  return {
    broker,
    clock,
    client: (options = {}) => {
      const { now, timer } = clock;
      const client = createClient({
        url: broker.url,
        now,
        timer,
        random: systemRandom,
        ...options,
      });
      clients.push(client);
      return client;
    },
  };
}

/** The next state of the link that is of a kind. */
export async function until<K extends LinkState["link"]>(
  states: AsyncIterator<LinkState>,
  link: K,
): Promise<Extract<LinkState, { link: K }>> {
  for (;;) {
    const next = await states.next();
    if (next.done) throw new Error(`the link ended before it was ${link}`);
    if (next.value.link === link) return next.value as Extract<LinkState, { link: K }>;
  }
}

/** An iterator over the states of a client's link. */
export const statesOf = (client: Client): AsyncIterator<LinkState> =>
  client.states()[Symbol.asyncIterator]();
