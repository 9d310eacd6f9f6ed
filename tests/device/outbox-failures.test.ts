import assert from "node:assert/strict";
import { test } from "node:test";
import { type Envelope, type ErrorCode, MeshError, type MessageId } from "@claudemesh/protocol";
import type { MeshLink } from "../../packages/device/src/mesh-link/links.ts";
import { drainOutbox } from "../../packages/device/src/outbox/drain-outbox.ts";
import { deferMessage, settleEnded } from "../../packages/device/src/outbox/settle-message.ts";
import { addOutbox, claimNext, outboxRow } from "../../packages/device/src/store/outbox-rows.ts";
import { Ground } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

type Send = MeshLink["client"]["message"]["send"];

/** Alice's home with a queued message to bob for each text, and a link on which `answer` stands for the broker. */
class Sender implements AsyncDisposable {
  readonly #ground: Ground;
  readonly alice: Inside;
  readonly ids: MessageId[];
  readonly sent: Envelope[] = [];
  ahead = 0;
  answer: (envelope: Envelope) => ReturnType<Send> = async () => {
    throw new Error("no answer is set");
  };

  private constructor(ground: Ground, alice: Inside, ids: MessageId[]) {
    this.#ground = ground;
    this.alice = alice;
    this.ids = ids;
  }

  static async start(...wanted: string[]): Promise<Sender> {
    const ground = await Ground.start();
    await ground.mesh("alice", "bob");
    const alice = new Inside(ground, "alice");
    using bob = new Inside(ground, "bob");
    const ids = wanted.map((text) => {
      const id = alice.ctx.ids.nextMessageId();
      const to = { mesh: alice.row.mesh, recipient: bob.member, priority: "next" as const };
      addOutbox(alice.ctx.store, { ...to, id, text, reply_to: null, created_at: Date.now() });
      return id;
    });
    return new Sender(ground, alice, ids);
  }

  get ctx() {
    const timer = (ms: number, fn: () => void) => {
      this.ahead += ms;
      queueMicrotask(fn);
      return () => {};
    };
    return { ...this.alice.ctx, now: () => Date.now() + this.ahead, timer };
  }

  fail(code: ErrorCode, retryAfterMs?: number): void {
    this.answer = async () => {
      throw new MeshError(code, `it says ${code}`, retryAfterMs ? { retryAfterMs } : {});
    };
  }

  accept(): void {
    this.answer = async ({ header }) => ({
      id: header.id,
      seq: 9,
      acceptedAt: Date.now(),
      repeated: false,
    });
  }

  async drain(): Promise<void> {
    const { client, ...rest } = await this.alice.ctx.links.call(this.alice.row);
    const send: Send = ({ envelope }) => {
      this.sent.push(envelope);
      return this.answer(envelope);
    };
    const message = { ...client.message, send };
    const link = { ...rest, client: { ...client, message } };
    await drainOutbox(this.ctx, this.alice.row, link, { budgetMs: 5_000 });
  }

  get states() {
    return this.ids.map((id) => outboxRow(this.alice.ctx.store, id)?.state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.alice.ctx.links.close();
    this.alice[Symbol.dispose]();
    await this.#ground[Symbol.asyncDispose]();
  }
}

test("what is wrong with the broker or the membership leaves every message queued and whole", async () => {
  await using sender = await Sender.start("kept", "behind");
  const passing = [
    "disk_full",
    "log_mismatch",
    "not_member",
    "unauthorized",
    "wrong_host",
  ] as const;
  for (const code of [...passing, "upgrade_required"] as const) {
    sender.fail(code);
    await sender.drain();
    assert.deepEqual(sender.states, ["queued", "queued"], code);
  }
  assert.equal(sender.sent.length, 6);
  sender.accept();
  await sender.drain();
  assert.deepEqual(sender.states, ["accepted", "accepted"]);
  assert.ok(sender.sent.every(({ header }) => header.kind === "direct"));
});

test("a void that fails stays queued, holds up nobody, and goes out later", async () => {
  await using sender = await Sender.start("given up", "behind");
  const [doomed] = sender.ids;
  sender.answer = async ({ header }) => {
    if (header.id === doomed) throw new MeshError("forbidden", "not on a Sunday");
    return { id: header.id, seq: 9, acceptedAt: Date.now(), repeated: false };
  };
  await sender.drain();
  assert.deepEqual(sender.states, ["queued", "accepted"]);
  sender.ahead += 60_000;
  sender.accept();
  await sender.drain();
  assert.deepEqual(sender.states, ["refused", "accepted"]);
  assert.deepEqual(
    sender.sent.map(({ header }) => [header.kind, header.n]),
    [
      ["direct", 1],
      ["void", 1],
      ["direct", 2],
      ["void", 1],
    ],
  );
});

test("a broker that limits the rate is waited for within the budget; then the message stays queued", async () => {
  await using sender = await Sender.start("later", "behind");
  sender.fail("rate_limited", 2_000);
  await sender.drain();
  assert.deepEqual(sender.states, ["queued", "queued"]);
  assert.equal(sender.sent.length, 3);
});

test("who has lost its claim settles nothing, and sends nothing", async () => {
  await using sender = await Sender.start("mine no more");
  const { ctx, alice } = sender;
  const take = (token: string, now: number) =>
    claimNext(
      ctx.store,
      { mesh: alice.row.mesh, token: `${ctx.token}/${token}`, now, untilMs: 1 },
      ctx.isClaimLive,
    );
  const start = Date.now();
  const first = take("a", start);
  const second = take("b", start + 10);
  assert.ok(first && second);
  deferMessage(ctx, first, new MeshError("internal", "late"), false);
  settleEnded(ctx, first, { state: "refused", reason: "late", by: "this device" });
  assert.deepEqual(outboxRow(ctx.store, first.id), second);
});

test("a message that another process gives up meanwhile ends as what was sent", async () => {
  await using sender = await Sender.start("in flight");
  const [id] = sender.ids;
  assert.ok(id);
  sender.answer = async ({ header }) => {
    sender.alice.ctx.store.run("UPDATE outbox SET ends_as = 'refused', claim = 'another'");
    return { id: header.id, seq: 9, acceptedAt: Date.now(), repeated: false };
  };
  await sender.drain();
  assert.deepEqual(sender.states, ["accepted"]);
});
