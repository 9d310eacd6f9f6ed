import assert from "node:assert/strict";
import { test } from "node:test";
import { type Envelope, MeshError, type MessageId } from "@claudemesh/protocol";
import type { MeshLink } from "../../packages/device/src/mesh-link/links.ts";
import { drainOutbox } from "../../packages/device/src/outbox/drain-outbox.ts";
import { addOutbox, outboxRow } from "../../packages/device/src/store/outbox-rows.ts";
import { Ground, read, texts } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

type Send = MeshLink["client"]["message"]["send"];

/** A real connection whose `message.send` goes through `between`; keeps every envelope that was handed over. */
async function misbehaving(
  alice: Inside,
  between: (envelope: Envelope, send: Send, count: number) => ReturnType<Send>,
): Promise<{ link: MeshLink; sent: Envelope[] }> {
  const { client, ...rest } = await alice.ctx.links.call(alice.row);
  const sent: Envelope[] = [];
  const send: Send = ({ envelope }) => {
    sent.push(envelope);
    return between(envelope, client.message.send, sent.length);
  };
  return { link: { ...rest, client: { ...client, message: { ...client.message, send } } }, sent };
}

function write(alice: Inside, to: Inside, text: string): MessageId {
  const id = alice.ctx.ids.nextMessageId();
  const message = {
    id,
    mesh: alice.row.mesh,
    recipient: to.member,
    text,
    priority: "next" as const,
  };
  addOutbox(alice.ctx.store, { ...message, reply_to: null, created_at: Date.now() });
  return id;
}

const drain = (alice: Inside, link: MeshLink) =>
  drainOutbox(alice.ctx, alice.row, link, { budgetMs: 5_000 });

async function end(alice: Inside): Promise<void> {
  await alice.ctx.links.close();
  alice[Symbol.dispose]();
}

test("a send in doubt is repeated byte for byte and arrives once", async () => {
  await using ground = await Ground.start();
  const [, bob] = await ground.mesh("alice", "bob");
  assert.ok(bob);
  const alice = new Inside(ground, "alice");
  using to = new Inside(ground, "bob");
  const id = write(alice, to, "once");
  const { link, sent } = await misbehaving(alice, async (envelope, send, count) => {
    const answer = await send({ envelope });
    if (count === 1) throw new MeshError("timeout", "no answer came in time");
    return answer;
  });
  await drain(alice, link);
  assert.equal(outboxRow(alice.ctx.store, id)?.state, "queued");
  await drain(alice, link);
  assert.equal(outboxRow(alice.ctx.store, id)?.state, "accepted");
  assert.deepEqual(sent[1], sent[0]);
  assert.deepEqual(texts(await read(bob)), ["once"]);
  await end(alice);
});

test("a message that is refused for good ends so, with its reason, and its void fills its counter", async () => {
  await using ground = await Ground.start();
  const [, bob] = await ground.mesh("alice", "bob");
  assert.ok(bob);
  const alice = new Inside(ground, "alice");
  using to = new Inside(ground, "bob");
  const ids = ["one", "two", "three"].map((text) => write(alice, to, text));
  const { link, sent } = await misbehaving(alice, async (envelope, send, count) => {
    if (count === 2) throw new MeshError("forbidden", "not on a Sunday");
    return send({ envelope });
  });
  await drain(alice, link);
  const rows = ids.map((id) => outboxRow(alice.ctx.store, id));
  assert.deepEqual(
    rows.map((row) => row?.state),
    ["accepted", "refused", "accepted"],
  );
  assert.equal(rows[1]?.reason, "not on a Sunday");
  assert.deepEqual(
    sent.map(({ header }) => [header.kind, header.n]),
    [
      ["direct", 1],
      ["direct", 2],
      ["void", 2],
      ["direct", 3],
    ],
  );
  assert.equal(sent[2]?.header.id, ids[1]);
  const shown = await read(bob);
  assert.deepEqual([texts(shown), shown.notices], [["one", "three"], []]);
  await end(alice);
});

test("a stale roster is fetched and the message sealed again with the same id and counter", async () => {
  await using ground = await Ground.start();
  const [owner, bob] = await ground.mesh("alice", "bob");
  assert.ok(owner && bob);
  const alice = new Inside(ground, "alice");
  using to = new Inside(ground, "bob");
  const id = write(alice, to, "fresh");
  const { link, sent } = await misbehaving(alice, async (envelope, send, count) => {
    if (count > 1) return send({ envelope });
    await owner.api.mesh.settings({ retentionDays: 7 });
    throw new MeshError(
      "roster_stale",
      "the sender's roster is older than a removal or key change",
    );
  });
  await drain(alice, link);
  assert.equal(outboxRow(alice.ctx.store, id)?.state, "accepted");
  const [first, second] = sent.map(({ header }) => header);
  assert.ok(first && second);
  assert.deepEqual([second.id, second.n, second.head.seq], [first.id, first.n, first.head.seq + 1]);
  assert.deepEqual(texts(await read(bob)), ["fresh"]);
  await end(alice);
});

test("a message that cannot go now holds up only those after it to the same recipient", async () => {
  await using ground = await Ground.start();
  const [, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(bob && carol);
  const alice = new Inside(ground, "alice");
  using toBob = new Inside(ground, "bob");
  using toCarol = new Inside(ground, "carol");
  const poison = write(alice, toBob, "poison");
  const behind = write(alice, toBob, "behind");
  write(alice, toCarol, "free");
  const { link } = await misbehaving(alice, async (envelope, send) => {
    if (envelope.header.id === poison) throw new MeshError("internal", "something unexpected");
    return send({ envelope });
  });
  await drain(alice, link);
  const row = outboxRow(alice.ctx.store, poison);
  assert.deepEqual([row?.state, row?.attempts, row?.reason], ["queued", 1, "something unexpected"]);
  assert.ok((row?.not_before ?? 0) > Date.now());
  assert.equal(outboxRow(alice.ctx.store, behind)?.state, "queued");
  assert.deepEqual(texts(await read(carol)), ["free"]);
  assert.deepEqual(texts(await read(bob)), []);
  await end(alice);
});

test("a void that conflicts means that the message had been accepted", async () => {
  await using ground = await Ground.start();
  const [, bob] = await ground.mesh("alice", "bob");
  assert.ok(bob);
  const alice = new Inside(ground, "alice");
  using to = new Inside(ground, "bob");
  const id = write(alice, to, "accepted after all");
  const { link } = await misbehaving(alice, async (envelope, send, count) => {
    const answer = await send({ envelope });
    if (count === 1) throw new MeshError("forbidden", "a lie");
    return answer;
  });
  await drain(alice, link);
  assert.equal(outboxRow(alice.ctx.store, id)?.state, "accepted");
  assert.deepEqual(texts(await read(bob)), ["accepted after all"]);
  await end(alice);
  const later = await ground.device("alice");
  assert.equal((await later.api.message.status({ id })).state, "offered");
});
