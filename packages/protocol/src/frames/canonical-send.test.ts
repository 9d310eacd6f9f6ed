import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { send } from "../ops/message.ts";
import { EnvelopeKind, Intent, Priority } from "../statements/envelope.ts";
import { canonicalPattern } from "./canonical-pattern.ts";
import { envelopeText, readCanonicalSend } from "./canonical-send.ts";
import { UpFrame } from "./up.ts";

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join(""));
const uuidId = (prefix: string) => fc.uuid().map((uuid) => `${prefix}_${uuid}`);
const hashId = (prefix: string) => hex(64).map((hash) => `${prefix}_${hash}`);
const base64 = fc
  .uint8Array({ maxLength: 300 })
  .map((bytes) => Buffer.from(bytes).toString("base64url"));
const rarely = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const count = fc.integer({ min: 1, max: 999_999_999 });

const header = fc
  .record({
    id: uuidId("msg"),
    mesh: hashId("mesh"),
    member: hashId("mbr"),
    device: uuidId("dev"),
    session: rarely(uuidId("ses")),
    to: fc.oneof(
      hashId("m:mbr"),
      uuidId("s:ses"),
      uuidId("t:top"),
      fc.constantFrom("*", "g:ops", "g:ops/night-shift/b2"),
    ),
    priority: fc.constantFrom(...Priority.options),
    kind: fc.constantFrom(...EnvelopeKind.options),
    keyVersion: rarely(fc.nat()),
    replyTo: rarely(uuidId("msg")),
    thread: rarely(uuidId("msg")),
    hop: rarely(fc.integer({ min: 1, max: 9_999 })),
    since: rarely(uuidId("msg")),
    intent: rarely(fc.constantFrom(...Intent.options)),
    lease: rarely(fc.stringMatching(/^[a-z0-9:_-]{0,64}$/)),
    mentions: rarely(fc.array(hashId("mbr"), { maxLength: 4 })),
    createdAt: fc.nat(),
    seq: fc.nat(),
    hash: hex(64),
    n: count,
  })
  .map(
    ({
      id,
      mesh,
      member,
      device,
      session,
      to,
      priority,
      kind,
      keyVersion,
      createdAt,
      seq,
      hash,
      n,
      ...rest
    }) => {
      const from = { member, device, session };
      const head = { seq, hash };
      const contentType = "application/json";
      return {
        v: 1,
        id,
        mesh,
        from,
        to,
        priority,
        kind,
        keyVersion,
        contentType,
        ...rest,
        createdAt,
        head,
        n,
      };
    },
  );

const frame = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9_-]{1,40}$/),
    header,
    body: base64,
    sig: fc
      .uint8Array({ minLength: 64, maxLength: 64 })
      .map((bytes) => Buffer.from(bytes).toString("base64url")),
  })
  .map(({ id, ...envelope }) => ({ type: "call", id, op: send.name, input: { envelope } }));

/** What the schemas make of a text; undefined when they refuse it, or when it is no message. */
function bySchema(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = UpFrame.safeParse(value);
  if (!read.success || read.data.type !== "call" || read.data.op !== send.name) return undefined;
  const input = send.input.safeParse(read.data.input);
  return input.success ? { ...read.data, input: input.data } : undefined;
}

/** Both ways to read agree, as far as the short one answers at all. */
function assertAlike(text: string): void {
  const short = readCanonicalSend(text);
  if (short === undefined) return;
  const long = bySchema(text);
  assert.ok(long !== undefined, `the schemas refuse ${text}`);
  const { envelope } = short.input;
  assert.equal(envelopeText(envelope), JSON.stringify(long.input.envelope));
  assert.equal(JSON.stringify(envelope), JSON.stringify(long.input.envelope));
  assert.equal(JSON.stringify(short), JSON.stringify(long));
  assert.equal(text, JSON.stringify(long));
}

const hostile = [
  "",
  " ",
  "\n",
  "\u0000",
  "\\",
  '"',
  "\\u0061",
  "é",
  "😀",
  "-",
  "0",
  "00",
  "1e3",
  "1.0",
  "-1",
  "null",
  "{}",
  "[]",
  ",",
  ":",
  "__proto__",
  '"x":1,',
  "9007199254740993",
  "10000",
  "A".repeat(100),
];

test("a message as programs write it is read by its pattern, into what the schemas give", () => {
  fc.assert(
    fc.property(frame, (value) => {
      const text = JSON.stringify(value);
      assert.notEqual(readCanonicalSend(text), undefined, text);
      assertAlike(text);
    }),
    { numRuns: 300 },
  );
});

test("changed at any place, it is read only where the schemas give the same", () => {
  const change = fc.record({
    at: fc.nat(),
    cut: fc.nat({ max: 12 }),
    put: fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ maxLength: 3 }),
      fc.constantFrom(...'0aA_-"{}[],:*'),
    ),
  });
  const edits = fc.array(change, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(frame, edits, (value, changes) => {
      let text = JSON.stringify(value);
      for (const { at, cut, put } of changes) {
        const start = at % text.length;
        text = text.slice(0, start) + put + text.slice(start + cut);
      }
      assertAlike(text);
    }),
    { numRuns: 4_000 },
  );
});

test("with another value, another order or a field too many, it is left to the schemas or read as they do", () => {
  const values = fc.oneof(
    fc.constantFrom<unknown>(
      ...hostile,
      0,
      -1,
      1.5,
      1e21,
      2 ** 53,
      10_000,
      10_001,
      true,
      null,
      [],
      {},
    ),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      frame,
      fc.nat(),
      values,
      fc.constantFrom("put", "add", "turn", "drop"),
      (value, at, other, how) => {
        const copy = JSON.parse(JSON.stringify(value));
        const { envelope } = copy.input;
        const places = [
          copy,
          copy.input,
          envelope,
          envelope.header,
          envelope.header.from,
          envelope.header.head,
        ];
        const place = places[at % places.length] as Record<string, unknown>;
        const keys = Object.keys(place);
        const key = keys[at % keys.length] as string;
        const old = place[key];
        if (how === "add") place.more = other;
        else delete place[key];
        if (how === "put") place[key] = other;
        if (how === "turn") place[key] = old;
        assertAlike(JSON.stringify(copy));
        assertAlike(JSON.stringify(copy, null, 1));
      },
    ),
    { numRuns: 3_000 },
  );
});

test("what is too long for a message's body is not even looked at", () => {
  const [value] = fc.sample(frame, { numRuns: 1, seed: 1 });
  assert.ok(value);
  const long = {
    ...value,
    input: { envelope: { ...value.input.envelope, body: "A".repeat(87_383) } },
  };
  assert.equal(readCanonicalSend(JSON.stringify(long)), undefined);
});

test("a schema that says more than a pattern can is refused when the pattern is made", () => {
  const unknown: [string, z.ZodType][] = [
    [
      "refined",
      z.strictObject({
        a: z
          .string()
          .regex(/^a$/)
          .refine((text) => text !== "a"),
      }),
    ],
    ["refined whole", z.strictObject({ a: z.literal(1) }).refine(() => false)],
    ["open", z.object({ a: z.literal(1) })],
    ["with any character", z.strictObject({ a: z.string().regex(/^.*$/) })],
    ["not anchored", z.strictObject({ a: z.string().regex(/a/) })],
    ["of any case", z.strictObject({ a: z.string().regex(/^a$/i) })],
    ["changed", z.strictObject({ a: z.string().trim() })],
    ["coerced", z.strictObject({ a: z.coerce.number() })],
    ["no whole number", z.strictObject({ a: z.number() })],
    ["with a default", z.strictObject({ a: z.literal(1).default(1) })],
    ["a list of any length", z.strictObject({ a: z.array(z.literal(1)) })],
  ];
  for (const [what, schema] of unknown) assert.throws(() => canonicalPattern(schema, []), what);
});
