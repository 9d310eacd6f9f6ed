import assert from "node:assert/strict";
import { before, test } from "node:test";
import { DeviceId, MessageId, ReceiptId, RequestId, SessionId } from "@claudemesh/protocol";
import {
  newDeviceId,
  newMessageId,
  newReceiptId,
  newRequestId,
  newSessionId,
  OrderedIds,
} from "./ids.ts";
import { ready } from "./sodium.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { Uuidv7Source, uuidv4, uuidv7 } from "./uuid.ts";

before(ready);

const random = seededRandom("ids");
const now = () => 0x017f22e279b0;

test("agrees with the examples of RFC 9562, appendix A", () => {
  const bytes = (hex: string) => () => Uint8Array.from(Buffer.from(hex, "hex"));
  assert.equal(
    uuidv4(bytes("919108f752d133205bacf847db4148a8")),
    "919108f7-52d1-4320-9bac-f847db4148a8",
  );
  assert.equal(
    uuidv7(now(), bytes("0cc318c4dc0c0c07398f")),
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  );
});

test("every id has the form of its schema, and is new each time", () => {
  const makers = [
    [() => newMessageId(now, random), MessageId],
    [() => newReceiptId(now, random), ReceiptId],
    [() => newDeviceId(random), DeviceId],
    [() => newSessionId(random), SessionId],
    [() => newRequestId(random), RequestId],
    [() => new OrderedIds(now, random).nextMessageId(), MessageId],
    [() => new OrderedIds(now, random).nextReceiptId(), ReceiptId],
  ] as const;
  for (const [make, schema] of makers) {
    const ids = [make(), make()];
    for (const id of ids) assert.equal(schema.parse(id), id);
    assert.notEqual(ids[0], ids[1]);
  }
});

test("one source's UUIDs grow strictly, past a full counter and a clock that steps back", () => {
  const times = [...Array(5000).fill(1000), 999, 1, ...Array(3).fill(1001), 5000, 4999];
  let tick = 0;
  const source = new Uuidv7Source(() => times[tick++] ?? 0, random);
  const drawn = times.map(() => source.next());
  assert.deepEqual([...drawn].sort(), drawn);
  assert.equal(new Set(drawn).size, drawn.length);
  for (const uuid of drawn) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
  assert.equal(drawn.at(-2)?.slice(0, 13), "00000000-1388");
});

test("message ids come after the newest one drawn elsewhere, also where the clock stepped back", () => {
  const early = new OrderedIds(() => 1000, random);
  const late = new OrderedIds(() => 9_000_000, random);
  let newest = late.nextMessageId();
  const later = new OrderedIds(
    () => 1001,
    random,
    () => newest,
  );
  for (let i = 0; i < 5000; i++) {
    const next = later.nextMessageId();
    assert.ok(next > newest && MessageId.safeParse(next).success);
    newest = next;
  }
  assert.ok(early.nextMessageId() < newest);
});
