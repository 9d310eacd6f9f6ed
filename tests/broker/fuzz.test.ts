import assert from "node:assert/strict";
import { test } from "node:test";
import { opNames } from "@claudemesh/protocol";
import fc from "fast-check";
import { seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { startBroker } from "./support/broker.ts";
import { Client } from "./support/client.ts";
import { addMember, foundMesh } from "./support/member.ts";

const frames = 20_000;
const perConnection = 200;

test("nothing that a client sends stops the broker", async () => {
  const unhandled: unknown[] = [];
  const note = (cause: unknown) => unhandled.push(cause);
  process.on("unhandledRejection", note).on("uncaughtException", note);
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const valid: unknown[] = [
    { type: "call", id: "1", op: "message.send", input: { envelope: alice.message(bob, "x") } },
    { type: "call", id: "2", op: "invite.create", input: alice.inviteEntry() },
    { type: "receipt", id: "3", ack: 1, receipts: [] },
    { type: "cancel", id: "1" },
    { type: "hello", hello: {}, purpose: "feed" },
    ...opNames.map((op, n) => ({ type: "call", id: `o${n}`, op, input: {} })),
  ];
  const mutated = fc
    .tuple(
      fc.constantFrom(...valid),
      fc.array(fc.tuple(fc.string(), fc.jsonValue()), { maxLength: 3 }),
      fc.nat(),
    )
    .map(([frame, changes, at]) => mutate(frame, changes, at));
  const torn = fc
    .tuple(fc.constantFrom(...valid), fc.nat(400))
    .map(([frame, end]) => JSON.stringify(frame).slice(0, end));
  const any = fc.oneof(
    { weight: 60, arbitrary: mutated },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: torn },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  );
  const seed = seedOfRun();
  const texts = fc.sample(any, { numRuns: frames, seed });
  for (let from = 0; from < frames; from += perConnection) {
    const client = from % 400 === 0 ? await Client.open(at.url) : await alice.connect("feed");
    for (const text of texts.slice(from, from + perConnection)) {
      if (client.socket.readyState === client.socket.OPEN) client.send(text);
    }
    client.socket.close();
    await client.closed;
  }
  const calm = await alice.connect();
  assert.equal((await calm.call("mesh.info", {})).id, alice.mesh);
  process.off("unhandledRejection", note).off("uncaughtException", note);
  assert.deepEqual(unhandled, [], `seed ${seed}`);
  const internal = at.lines.filter((line) => /"(call|frame|feed|request) failed"/.test(line));
  assert.deepEqual(internal, [], `seed ${seed}`);
});

/** Puts values at a place of a copy, and swaps one leaf. */
function mutate(
  frame: unknown,
  changes: readonly (readonly [string, unknown])[],
  at: number,
): string {
  const copy = structuredClone(frame) as Record<string, unknown>;
  const places = objectsIn(copy);
  const place = places[at % places.length] ?? copy;
  for (const [name, value] of changes) {
    const names = Object.keys(place);
    const key = at % 3 === 0 ? name : (names[at % Math.max(1, names.length)] ?? name);
    Object.defineProperty(place, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return JSON.stringify(copy);
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)];
}
