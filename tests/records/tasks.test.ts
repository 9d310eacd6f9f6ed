import assert from "node:assert/strict";
import { test } from "node:test";
import { newRecordId, signRecord, systemRandom } from "@claudemesh/crypto";
import { MeshError, nouns, TaskId } from "@claudemesh/protocol";
import { type BareMember, found, join } from "@claudemesh/testkit";
import { Ground, refusal } from "../device/home-fixture.ts";

test("a task is created, claimed by one, completed with that one's result, or cancelled", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  const made = await alice.api.task.create({
    title: "fix the build",
    priority: "high",
    tags: ["ci"],
    details: "since Tuesday",
  });
  const own = await alice.api.task.create({ title: "review", assignee: "bob" });
  const { id } = { id: TaskId.parse(made.id) };
  await refusal("conflict", () => bob.api.task.complete({ id, result: "too early" }));
  const won = await bob.api.task.claim({ id });
  assert.deepEqual([won.status, won.pending], ["claimed", false]);
  const lost = await refusal("conflict", () => carol.api.task.claim({ id }));
  assert.match(lost.message, /claimed/);
  await refusal("forbidden", () => carol.api.task.complete({ id, result: "mine" }));
  await refusal("forbidden", () => carol.api.task.claim({ id: TaskId.parse(own.id) }));
  await refusal("forbidden", () => carol.api.task.cancel({ id }));
  await bob.api.task.complete({ id, result: "done in abc123" });
  await refusal("conflict", () => alice.api.task.cancel({ id }));
  await alice.api.task.cancel({ id: TaskId.parse(own.id), reason: "not needed" });
  const { items } = await carol.api.task.list({});
  assert.deepEqual(
    items.map(({ title, status, claimedBy, result, reason, priority, author }) => [
      title,
      status,
      claimedBy?.name,
      claimedBy?.proof,
      result ?? reason,
      priority,
      author.name,
    ]),
    [
      ["review", "cancelled", undefined, undefined, "not needed", "normal", "alice"],
      ["fix the build", "completed", "bob", "signed", "done in abc123", "high", "alice"],
    ],
  );
  const mine = async (filter: object) =>
    (await bob.api.task.list(filter)).items.map(({ title }) => title);
  assert.deepEqual(await mine({ assignee: "me" }), ["review", "fix the build"]);
  assert.deepEqual(await mine({ status: "completed" }), ["fix the build"]);
  assert.deepEqual(await mine({ tag: "ci" }), ["fix the build"]);
  await refusal("no_recipient", () => bob.api.task.create({ title: "x", assignee: "zoe" }));
  await refusal("not_found", () =>
    bob.api.task.claim({
      id: TaskId.parse(made.id.replace(/.$/, (end) => (end === "0" ? "1" : "0"))),
    }),
  );
});

test("two members claim the same task a thousand times: one winner each time", async () => {
  await using ground = await Ground.start();
  const alice = await found(ground.url, "alice");
  const bob = await join(alice, "bob");
  const clients = [alice, bob].map((one) => one.connect("call"));
  const signed = <I extends object>(by: BareMember, op: string, input: I) => ({
    ...input,
    signed: signRecord(
      { mesh: by.mesh, op, input: input as Record<string, unknown> },
      { id: newRecordId(Date.now, systemRandom), device: by.device, at: Date.now() },
      by.secret.signer,
    ),
  });
  const claim = async (at: 0 | 1, id: TaskId) => {
    const by = at === 0 ? alice : bob;
    try {
      await clients[at]?.task.claim(signed(by, nouns.task.claim.name, { id }));
      return "won";
    } catch (error) {
      return error instanceof MeshError ? error.code : error;
    }
  };
  const wins = [0, 0];
  const one = async (n: number) => {
    const input = signed(alice, nouns.task.create.name, { title: `task ${n}` });
    const { key } = (await clients[0]?.task.create(input)) ?? { key: "" };
    const id = TaskId.parse(key);
    const order = n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    const ends = await Promise.all(order.map((at) => claim(at, id)));
    assert.deepEqual([...ends].sort(), ["conflict", "won"]);
    const winner = order[ends.indexOf("won")] ?? 0;
    wins[winner] = (wins[winner] ?? 0) + 1;
  };
  for (let n = 0; n < 1_000; n += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, at) => one(n + at)));
  }
  assert.equal((wins[0] ?? 0) + (wins[1] ?? 0), 1_000);
  await Promise.all(clients.map((client) => client.close()));
});
