import assert from "node:assert/strict";
import type { NatsServer } from "../../packages/testkit/src/cluster/nats-server.ts";
import { removalOf } from "../authorization/ready.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { TestSession } from "../broker/support/session.ts";
import { EventStream } from "../rest/event-stream.ts";
import { drawKey } from "../rest/rest-world.ts";
import { atNode, feedOf, type TwoNodes, until } from "./two-nodes.ts";

/** Settles once both nodes have noticed that the bus is away. */
async function busAway({ one, two }: TwoNodes): Promise<void> {
  for (const { url } of [one, two]) {
    await until(
      async () => (await (await fetch(`${url}/health/ready`)).json()).degraded as unknown,
      (degraded) => JSON.stringify(degraded) === '["bus"]',
    );
  }
}

/** What a lost signal would have ended is ended by the look that each node has at the database every second. */
export async function withoutBus(nodes: TwoNodes, nats: NatsServer): Promise<void> {
  const { one, two } = nodes;
  const alice = await foundMesh(one.url);
  const bob = atNode(await addMember(alice, "bob"), two);
  const [feed, his] = [await feedOf(alice), await feedOf(bob)];
  const key = drawKey();
  await feed.call("apikey.create", key.input);
  const stream = await EventStream.open(`${two.url}/v1/events`, key.secret);
  assert.equal(stream.status, 200);
  await nats.kill();
  await busAway(nodes);

  await feed.call("apikey.revoke", { id: key.id });
  // Nothing of a key is kept in memory: the very next request is refused.
  const asked = await EventStream.open(`${two.url}/v1/events`, key.secret);
  assert.equal(asked.status, 401);
  while ((await stream.next()) !== undefined);

  const owner = { member: alice, client: feed, session: new TestSession(alice) };
  const entry = alice.next("remove", await removalOf(owner, bob.id));
  await feed.call("member.ban", { entry });
  assert.equal((await his.closed).code, 4002);
  assert.equal((await bob.greet("call")).answer.error?.code, "not_member");
}
