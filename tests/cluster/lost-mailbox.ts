import assert from "node:assert/strict";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import type { NatsServer } from "../../packages/testkit/src/cluster/nats-server.ts";
import { Client, refusal } from "../broker/support/client.ts";
import type { Cluster } from "../store/postgres-cluster.ts";
import type { TwoNodes } from "./two-nodes.ts";

/** Waits for a part that never comes, again and again; rejects once the link is over. */
async function untilOver(client: Client, token: string): Promise<never> {
  for (;;) {
    assert.deepEqual(await client.call("mailbox.take", { token, part: 0, waitMs: 1_000 }), {});
  }
}

/** A device link lies at one node: when that is killed, both sides are told that it is over, and a new one goes through. */
export async function lostMailbox(
  { database, folder, one, two }: TwoNodes,
  { server }: Cluster,
  nats: NatsServer,
): Promise<void> {
  const env = { DATABASE_URL: server.url(database), NATS_URL: `nats://127.0.0.1:${nats.port}` };
  await using third = await BrokerProcess.start({ folder, env });
  const opened = await Client.open(third.url);
  const entered = await Client.open(one.url);
  const lost = await opened.call("mailbox.open", {});
  const place = await entered.call("mailbox.enter", { code: lost.code });
  const waiting = untilOver(entered, String(place.token));
  waiting.catch(() => undefined);
  const again = await Client.open(two.url);
  await third.kill();
  await opened.closed;
  const part = { part: 0, data: "c2VhbGVk" };
  const asked = [
    waiting,
    entered.call("mailbox.put", { token: place.token, ...part }),
    again.call("mailbox.take", { token: lost.token, part: 0, waitMs: 0 }),
    again.call("mailbox.enter", { code: lost.code }),
  ];
  await Promise.all(asked.map((one) => assert.rejects(one, refusal("not_found"))));
  const { code, token } = await again.call("mailbox.open", {});
  const next = await entered.call("mailbox.enter", { code });
  await entered.call("mailbox.put", { token: next.token, ...part });
  assert.deepEqual(await again.call("mailbox.take", { token, part: 0, waitMs: 20_000 }), {
    data: part.data,
  });
}
