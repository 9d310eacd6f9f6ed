import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeInput, ops } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { type Accepted, isPlainlyAccepted } from "./accepts.ts";
import { declaredVerbs } from "./declared-verb.ts";
import type { OperationVerb } from "./verb.ts";
import { verbOf, verbs } from "./verbs.ts";

test("the table of verbs is that of the declarations", () => {
  const own = verbs.filter(({ does }) => "op" in does);
  const declared = JSON.parse(JSON.stringify(declaredVerbs())) as typeof own;
  assert.deepEqual(
    own,
    [...declared].sort((a, b) => (a.words < b.words ? -1 : 1)),
  );
});

const to = "bob";
const text = "the build is green";

test("plain input is taken without a schema", () => {
  const { accepts } = verbOf(names.message.send);
  for (const input of [
    { to, text },
    { to, text, priority: "now" },
    { to, text, mesh: "home" },
  ]) {
    assert.equal(isPlainlyAccepted(accepts, input), true, JSON.stringify(input));
  }
  assert.equal(isPlainlyAccepted(verbOf(names.mesh.list).accepts, {}), true);
  assert.equal(isPlainlyAccepted(verbOf(names.invite.create).accepts, { uses: 3 }), true);
});

test("what the schema refuses is never taken", () => {
  const { accepts } = verbOf(names.message.send);
  const schema = edgeInput(ops[names.message.send]);
  const inputs: unknown[] = [
    undefined,
    null,
    [],
    {},
    { to },
    { to, text: "  " },
    { to: "", text },
    { to: 1, text },
    { to, text: "x".repeat(60_001) },
    { to, text, priority: "soon" },
    { to, text, constructor: "x" },
    { to, text, extra: 1 },
    JSON.parse('{"to":"bob","text":"x","__proto__":"y"}'),
  ];
  for (const input of inputs) {
    assert.equal(schema.safeParse(input).success, false, JSON.stringify(input));
    assert.equal(isPlainlyAccepted(accepts, input), false, JSON.stringify(input));
  }
  const { accepts: invite } = verbOf(names.invite.create);
  for (const uses of [0, 1.5, Number.NaN, "3", -1]) {
    assert.equal(isPlainlyAccepted(invite, { uses }), false, String(uses));
  }
});

test("a key that is not judged leaves the value to the schema", () => {
  assert.equal(isPlainlyAccepted({ type: "string" }, "x"), true);
  for (const key of ["format", "anyOf", "not"]) {
    assert.equal(isPlainlyAccepted({ type: "string", [key]: "uri" }, "x"), false, key);
  }
  assert.equal(isPlainlyAccepted({}, "x"), false);
});

test("what only looks like text is taken as the schema takes it", () => {
  for (const [name, op] of Object.entries(ops)) {
    const verb = verbs.find(({ does }) => "op" in does && does.op === name);
    if (verb === undefined) continue;
    const { properties = {}, required = [] } = (verb as OperationVerb).accepts;
    const sample = Object.fromEntries(required.map((key) => [key, sampleOf(properties[key])]));
    for (const [key, { type }] of Object.entries(properties)) {
      if (type !== "string") continue;
      for (const text of [" ", "\ufeff", " #x", " x", "x ", "\u2028", "\u00a0x"]) {
        const input = { ...sample, [key]: text };
        if (!isPlainlyAccepted((verb as OperationVerb).accepts, input)) continue;
        const read = edgeInput(op).safeParse(input);
        assert.ok(read.success, `${name} ${JSON.stringify(input)}`);
      }
    }
  }
});

function sampleOf({ enum: choices, type, minimum = 1, minLength = 1 }: Accepted = {}): unknown {
  if (choices !== undefined) return choices[0];
  if (type === "integer" || type === "number") return minimum;
  if (type === "boolean") return true;
  return type === "array" ? [] : "x".repeat(minLength);
}
