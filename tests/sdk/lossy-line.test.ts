import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { type ClientEvent, createClient, traced } from "@claudemesh/sdk";
import fc from "fast-check";
import {
  ScriptedBroker,
  type ScriptedConnection,
} from "../../packages/testkit/src/scripted-broker.ts";
import { memberOf } from "./support/setup.ts";

const total = 60;
const event = (seq: number) => ({
  type: "event",
  kind: "notice",
  seq,
  id: `log-${seq}`,
  at: 0,
  body: { id: "msg_00000000-0000-7000-8000-000000000000", state: "expired" },
});

/** Plays one connection: feeds from the cursor, answers calls, and breaks after so many frames, cleanly or not. */
async function play(connection: ScriptedConnection, frames: number, clean: boolean) {
  const { cursor } = await connection.greet();
  let left = frames;
  const spend = (): void => {
    left -= 1;
    if (left === 0) connection.close(clean ? 1012 : undefined);
  };
  for (let seq = Number(cursor ?? 0) + 1; seq <= total && left > 0; seq += 1) {
    connection.send(event(seq));
    spend();
  }
  while (left > 0) {
    const frame = await connection.next();
    if (frame.type === "call") connection.reply(frame.id, { items: [] });
    else connection.reply(frame.id, { cursor: String(frame.ack), seq: frame.ack });
    spend();
  }
}

test("over a line that keeps breaking nothing is lost, repeated or left unsettled", async () => {
  const lives = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(lives, async (breaks) => {
      await using broker = await ScriptedBroker.start();
      let cursor: string | undefined;
      await using client = createClient({
        url: broker.url,
        now: Date.now,
        // The least jitter there is: every wait of the back-off is over at once.
        random: (length) => new Uint8Array(length),
        member: memberOf("feed", () => cursor),
      });
      const broken = (async () => {
        for (const [frames, clean] of breaks) {
          await play(await broker.connection(), frames, clean).catch(() => {});
        }
        await play(await broker.connection(), Number.POSITIVE_INFINITY, true);
      })().catch(() => {
        // The client may be done before it has dialled as often as there are lives.
      });
      const queries = Array.from({ length: 10 }, () => client.peer.list({}));
      const seqs: number[] = [];
      for await (const { seq } of client.events() as AsyncIterable<ClientEvent>) {
        seqs.push(seq);
        if (seq % 7 === 0) ({ cursor } = await client.acknowledge({ seq }));
        if (seq === total) break;
      }
      assert.deepEqual(
        seqs,
        Array.from({ length: total }, (_, index) => index + 1),
      );
      assert.equal((await Promise.all(queries)).length, 10);
      await client.close();
      await broker.stop();
      await broken;
    }),
    { numRuns: 15 },
  );
});

for (const [traces, told] of [
  [undefined, undefined],
  [true, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
] as const) {
  test(`a caller's trace is ${told === undefined ? "kept from a broker that knows of none" : "told to a broker that asks for it"}`, async () => {
    await using broker = await ScriptedBroker.start();
    await using client = createClient({ url: broker.url, now: Date.now, random: systemRandom });
    const asked = traced(client, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    const answer = asked.peer.list({});
    const connection = await broker.connection();
    connection.challenge(traces === undefined ? {} : { traces });
    const frame = await connection.next();
    assert.equal(frame.trace, told);
    assert.equal(Object.hasOwn(frame, "trace"), told !== undefined);
    connection.reply(frame.id, { items: [] });
    assert.deepEqual(await answer, { items: [] });
  });
}
