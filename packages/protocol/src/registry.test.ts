import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeInputSchema } from "./derive/view.ts";
import { methodTree } from "./method-tree.ts";
import type { AnyOp } from "./op.ts";
import { edgeOpNames, isOpName, isWireOp, opNames, ops, wireOpNames } from "./registry.ts";

const all = opNames.map((name): AnyOp => ops[name]);

test("names are noun.verb, sorted and unique on every surface", () => {
  assert.deepEqual([...opNames], [...opNames].sort());
  for (const name of opNames) assert.match(name, /^[a-z]+\.[a-z_]+$/);
  const spellings = all.flatMap((op) => [
    ...(op.cli?.alias ?? []),
    ...(op.tool ? [`tool ${op.tool}`] : []),
  ]);
  assert.equal(new Set(spellings).size, spellings.length, spellings.join(" "));
});

test("names off the wire are looked up without prototype surprises", () => {
  for (const name of ["constructor", "__proto__", "toString", "message", ""]) {
    assert.equal(isOpName(name), false, name);
    assert.equal(isWireOp(name), false, name);
  }
  assert.equal(isWireOp("message.inbox"), false);
  assert.equal(isWireOp("message.send"), true);
});

test("every operation is reachable from the wire or the edge, and positional arguments are fields", () => {
  for (const op of all) {
    const name = op.name as (typeof opNames)[number];
    assert.ok(wireOpNames.some((n) => n === name) || edgeOpNames.some((n) => n === name), name);
    const schema = edgeInputSchema(op) as { properties?: Record<string, { description?: string }> };
    const fields = schema.properties ?? {};
    for (const arg of op.cli?.args ?? [])
      assert.ok(arg.replace("...", "") in fields, `${name} ${arg}`);
    if (!op.open) continue;
    for (const [field, { description }] of Object.entries(fields)) {
      assert.ok(description, `${name}: field ${field} says nothing of itself`);
    }
  }
});

test("a method tree has one method per name", () => {
  const tree = methodTree<
    "mesh.info" | "message.send",
    { "mesh.info": string; "message.send": string }
  >(["mesh.info", "message.send"], (name) => name as never);
  assert.deepEqual(tree, { mesh: { info: "mesh.info" }, message: { send: "message.send" } });
});
