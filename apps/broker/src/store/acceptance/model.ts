import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf } from "@claudemesh/protocol";
import fc from "fast-check";
import {
  acknowledge,
  day,
  everyone,
  member,
  mesh,
  message,
  messageId,
  readLog,
  seen,
  start,
} from "./fixtures.ts";
import { NaiveStore } from "./naive-store.ts";
import type { WithStore } from "./with-store.ts";

const hourMs = 3_600_000;
const members = [1, 2, 3];
const of = fc.constantFrom(...members);
const device = fc.integer({ min: 1, max: 2 });

/** When something was written, in hours from the start. */
const hour = fc.integer({ min: 0, max: 5 });

/** Random operations; each runs on the store and on the model, and both must answer alike. */
const write = fc.oneof(
  fc.record({
    op: fc.constant("send" as const),
    id: fc.integer({ min: 1, max: 12 }),
    digest: fc.integer({ min: 1, max: 2 }),
    from: of,
    to: fc.option(of),
    life: fc.integer({ min: 1, max: 9 }),
    hour,
  }),
  fc.record({
    op: fc.constant("seen" as const),
    of,
    device,
    from: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    op: fc.constant("ack" as const),
    of,
    device,
    to: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    receipts: fc.array(
      fc.record({
        id: fc.integer({ min: 1, max: 4 }),
        digest: fc.integer({ min: 1, max: 2 }),
        to: of,
        hour,
      }),
      { maxLength: 2 },
    ),
  }),
  fc.record({ op: fc.constant("forget" as const), hour }),
  fc.record({ op: fc.constant("expire" as const), days: fc.integer({ min: 1, max: 9 }) }),
);
/** Reopening takes far longer than anything else. */
const operation = fc.oneof(
  { weight: 15, arbitrary: write },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("reopen" as const) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** The store against a naive model, from random histories. */
export function acceptModel(withStore: WithStore): void {
  test("random histories of sends, cursors, receipts, forgetting, expiry and reopening answer as the naive model does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (operations) => {
        await withStore(async (opened, reopen) => {
          let store = opened;
          const model = new NaiveStore();
          const answer = (promise: Promise<unknown>) => promise.catch((error) => error.code);
          const run = async (operation: Operation): Promise<[unknown, unknown]> => {
            switch (operation.op) {
              case "send": {
                const { id, digest, from, to, life, hour } = operation;
                const input = message(id, {
                  digest: String(digest),
                  sender: member(from),
                  audience: to === null ? everyone : audienceOf(member(to)),
                  at: start + hour * hourMs,
                  expiresAt: start + life * day,
                });
                return [await store.write.appendMessage(input), model.append(input)];
              }
              case "seen": {
                const input = seen(
                  operation.of,
                  operation.device,
                  Math.floor(operation.from * model.head),
                );
                return [await store.write.seenDevice(input), model.seen(input)];
              }
              case "ack": {
                const { of, device, to } = operation;
                const seq = to === null ? null : Math.round(to * (model.head + 1));
                const receipts = operation.receipts.map((one) => ({
                  ...message(20 + one.id, {
                    digest: String(one.digest),
                    sender: member(of),
                    audience: audienceOf(member(one.to)),
                    at: start + one.hour * hourMs,
                  }),
                  kind: "receipt" as const,
                }));
                const input = acknowledge(of, device, seq, { receipts });
                const outcome = store.write.ack(input).then(({ position, receipts }) => {
                  // The model has no ids for what a mesh begins with.
                  const id = position.seq > 2 ? position.id : undefined;
                  return { seq: position.seq, id, receipts };
                });
                return [await answer(outcome), model.ack(input)];
              }
              case "forget": {
                const before = start + operation.hour * hourMs;
                const forgotten = await store.write.forgetKeys({ before, limit: 1000 });
                return [forgotten, model.forget(before)];
              }
              case "reopen":
                store = await reopen();
                return [null, null];
              case "expire": {
                const input = { now: start + operation.days * day, limit: 1000 };
                return [await store.write.expire(input), model.expire(input)];
              }
            }
          };
          for (const operation of operations) {
            const [actual, expected] = await run(operation);
            assert.deepEqual(actual, expected);
          }
          assert.equal((await store.read.mesh(mesh))?.headSeq, model.head);
          const view = [everyone, ...members.map((n) => audienceOf(member(n)))];
          const entries = await readLog(store, view, { after: 2 });
          // Which of several entries due at the same time is first is not promised, so notices compare as a set.
          const shape = (list: readonly { id: string; body: string | null }[]) =>
            list.map(({ id, body }) => `${id} ${body}`).sort();
          assert.deepEqual(shape(entries), shape(model.held()));
          for (let n = 1; n <= 12; n++) {
            const records = await store.read.message(mesh, messageId(n));
            assert.deepEqual(
              records.map(({ seq, sender, expired }) => ({ seq, sender, expired })),
              model.records(messageId(n)),
            );
          }
        });
      }),
      { numRuns: 25 },
    );
  });
}
