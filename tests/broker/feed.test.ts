import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { steadyPort } from "../../packages/testkit/src/steady-port.ts";
import { newFolder, startBroker } from "./support/broker.ts";
import type { Client } from "./support/client.ts";
import { addMember, foundMesh, type TestMember } from "./support/member.ts";
import { HeldTimer } from "./support/time.ts";

/** Of no other wait of a broker. */
const giveUpMs = 9_999;

const seqsOf = (client: Client): number[] => client.events.map(({ seq }) => seq as number);

async function sendMany(
  from: TestMember,
  to: TestMember,
  client: Client,
  count: number,
  text = "x",
) {
  const sends = Array.from({ length: count }, () =>
    client.call("message.send", { envelope: from.message(to, text) }),
  );
  return (await Promise.all(sends)).map(({ seq }) => seq as number);
}

test("a reader that comes and goes while others write sees each entry once, in order", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const writer = await alice.connect("call");
  const sent: number[] = [];
  let writing = true;
  const all = (async () => {
    while (writing) sent.push(...(await sendMany(alice, bob, writer, 40)));
  })();
  const seen: number[] = [];
  let cursor: string | undefined;
  for (let round = 0; round < 6; round++) {
    const feed = await bob.connect("feed", cursor);
    const from = seen.at(-1) ?? 0;
    await feed.find(({ type, seq }) => type === "event" && (seq ?? 0) >= from + 50);
    const seqs = seqsOf(feed);
    const answer = await feed.request({ type: "receipt", ack: seqs.at(-1), receipts: [] });
    cursor = answer.cursor as string;
    seen.push(...seqs);
    await feed.close();
  }
  writing = false;
  await all;
  const last = await bob.connect("feed", cursor);
  await last.find(({ kind }) => kind === "caught_up");
  seen.push(...seqsOf(last));
  const messages = seen.filter((seq) => seq >= (sent[0] ?? 0));
  assert.deepEqual(
    messages,
    [...sent].sort((a, b) => a - b),
  );
  assert.deepEqual(
    seen,
    [...new Set(seen)].sort((a, b) => a - b),
  );
});

test("a device without a cursor goes on where the broker last knew it", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const writer = await alice.connect();
  const [first] = await sendMany(alice, bob, writer, 1);
  const feed = await bob.connect("feed");
  await feed.find(({ seq, kind }) => seq === first && kind === "message");
  await feed.request({ type: "receipt", ack: first, receipts: [] });
  await feed.close();
  const { answer, client } = await bob.greet("feed");
  assert.equal(answer.from, "device");
  await client.find(({ kind }) => kind === "caught_up");
  assert.deepEqual(seqsOf(client), []);
});

test("a slow reader is never queued for, is closed, and comes back for the rest", async () => {
  // By the same time the reader has to have read why it is closed: here that is never over.
  const timer = new HeldTimer(giveUpMs);
  await using at = await startBroker({ highWaterBytes: 64 * 1024, giveUpMs }, { timer });
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const feed = await bob.connect("feed");
  await feed.find(({ kind }) => kind === "caught_up");
  feed.socket.pause();
  const writer = await alice.connect();
  const sent = await sendMany(alice, bob, writer, 250, "y".repeat(48_000));
  await until(() => {
    const isTooSlow = at.lines.some((line) => line.includes("too slow"));
    if (!isTooSlow) timer.pass();
    return isTooSlow;
  });
  feed.socket.resume();
  assert.equal((await feed.closed).code, 4008);
  const had = seqsOf(feed);
  assert.ok(had.length < sent.length + 10);
  const again = await bob.connect("feed");
  await again.find(({ seq }) => seq === sent.at(-1));
  const seen = seqsOf(again).filter((seq) => sent.includes(seq));
  assert.deepEqual(seen, sent);
});

test("a cursor that the broker did not give out is refused to that device alone", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const feed = await alice.connect("feed");
  const { cursor } = await feed.request({ type: "receipt", ack: 1, receipts: [] });
  const [content = "", mac = ""] = String(cursor).split(".");
  const forged = Buffer.from(
    Buffer.from(content, "base64url").toString().replace('"seq":1', '"seq":900'),
  ).toString("base64url");
  for (const lie of ["", "x.y", `${forged}.${mac}`, `${content}.${mac.slice(1)}`, `${content}`]) {
    const { answer, client } = await alice.greet("feed", {}, lie);
    assert.equal(answer.error?.code, "cursor_invalid", lie);
    assert.equal((await client.closed).code, 4004);
  }
  const { answer } = await alice.greet("feed", {}, String(cursor));
  assert.equal(answer.from, "cursor");
});

test("a valid cursor that the log does not reach closes the mesh until the restart", async () => {
  const folder = newFolder();
  const copy = newFolder();
  try {
    const first = await startBroker({ port: await steadyPort() }, {}, folder);
    const alice = await foundMesh(first.url);
    const other = await foundMesh(first.url, "other");
    await first[Symbol.asyncDispose]();
    cpSync(folder, copy, { recursive: true });

    const second = await startBroker({ port: first.broker.port }, {}, folder);
    const bob = await addMember(alice);
    const feed = await bob.connect("feed");
    const caught = await feed.find(({ kind }) => kind === "caught_up");
    const { cursor } = await feed.request({ type: "receipt", ack: caught.seq, receipts: [] });
    await second[Symbol.asyncDispose]();

    const keys = readFileSync(join(folder, "keys.json"));
    writeFileSync(join(copy, "keys.json"), keys);
    await using third = await startBroker({ port: first.broker.port }, {}, copy);
    const calm = await alice.connect("call");
    const { answer, client } = await alice.greet("feed", {}, String(cursor));
    assert.equal(answer.error?.code, "log_mismatch");
    assert.equal((await client.closed).code, 4011);
    assert.equal((await calm.closed).code, 4011);
    assert.equal((await alice.greet("call")).answer.error?.code, "log_mismatch");
    assert.equal((await other.greet("feed")).answer.type, "welcome");
    assert.ok(third.lines.some((line) => line.includes("mesh frozen")));
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(copy, { recursive: true });
  }
});

test("the cursor key stands outside the database, for its owner only", async () => {
  await using at = await startBroker();
  const path = join(at.folder, "keys.json");
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
