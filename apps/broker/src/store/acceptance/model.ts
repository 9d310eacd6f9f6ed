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

const members = [1, 2, 3];
const of = fc.constantFrom(...members);
const device = fc.integer({ min: 1, max: 2 });

/** Random operations; each runs on the store and on the model, and both must answer alike. */
const operation = fc.oneof(
  fc.record({
    op: fc.constant("send" as const),
    id: fc.integer({ min: 1, max: 12 }),
    digest: fc.integer({ min: 1, max: 2 }),
    from: of,
    to: fc.option(of),
    life: fc.integer({ min: 1, max: 9 }),
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
    to: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ op: fc.constant("expire" as const), days: fc.integer({ min: 1, max: 9 }) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** The store against a naive model, from random histories. */
export function acceptModel(withStore: WithStore): void {
  test("random histories of sends, cursors and expiry answer as the naive model does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (operations) => {
        await withStore(async (store) => {
          const model = new NaiveStore();
          const answer = (promise: Promise<unknown>) => promise.catch((error) => error.code);
          const run = async (operation: Operation): Promise<[unknown, unknown]> => {
            switch (operation.op) {
              case "send": {
                const { id, digest, from, to, life } = operation;
                const input = message(id, {
                  digest: String(digest),
                  sender: member(from),
                  audience: to === null ? everyone : audienceOf(member(to)),
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
                const seq = Math.round(operation.to * (model.head + 1));
                const input = acknowledge(operation.of, operation.device, seq);
                const outcome = store.write.ack(input).then(({ position }) => position.seq);
                return [await answer(outcome), model.ack(input)];
              }
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
