import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { op } from "../op.ts";
import { opNames } from "../registry.ts";
import { restRoute } from "../rest.ts";
import { brokenPromises, currentLedger, type Ledger } from "./ledger.ts";
import { referencePages } from "./reference.ts";
import { tools } from "./tools.ts";

const sample = {
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "X",
  input: z.object({}),
  output: z.object({}),
  errors: [],
} as const;

test("a route is the declared one, or follows the one rule", () => {
  const own = op({ ...sample, name: "task.claim", rest: "POST /v1/tasks/{id}/claim" });
  assert.deepEqual(restRoute(own), {
    method: "POST",
    path: "/v1/tasks/{id}/claim",
    params: ["id"],
  });
  assert.equal(restRoute(op({ ...sample, name: "task.claim" })).path, "/v1/ops/task.claim");
  assert.throws(
    () => restRoute(op({ ...sample, name: "task.claim", rest: "CLAIM it" })),
    TypeError,
  );
});

test("tools are objects with described inputs", () => {
  const list = tools();
  assert.ok(list.length > 3);
  for (const tool of list) {
    assert.match(tool.name, /^[a-z_]+$/);
    assert.equal(tool.inputSchema.type, "object", tool.name);
  }
});

test("every operation has its place in the reference", () => {
  const text = [...referencePages().values()].join("\n");
  for (const name of opNames) assert.ok(text.includes(`## ${name}\n`), name);
  assert.ok(!text.includes("undefined"));
});

const ledgerOf = (input: z.ZodType, output: z.ZodType, errors: string[] = []): Ledger => ({
  protocol: 1,
  shapes: {},
  ops: {
    "a.b": {
      kind: "query",
      since: 1,
      scope: "member",
      errors,
      input: z.toJSONSchema(input, { io: "input" }),
      output: z.toJSONSchema(output),
    },
  },
});

test("an operation may gain optional inputs, outputs and words", () => {
  const before = ledgerOf(z.object({ id: z.string() }), z.object({ n: z.int() }));
  const grown = ledgerOf(
    z.object({ id: z.string().describe("which"), x: z.string().optional() }),
    z.object({ n: z.int(), more: z.string() }),
  );
  assert.deepEqual(brokenPromises(before, grown), []);
});

test("what only devices answered may gain a form on the wire, and what has one keeps it", () => {
  const scoped = (scope: string, errors: string[]): Ledger => {
    const [row] = Object.values(ledgerOf(z.object({}), z.object({}), errors).ops);
    return { protocol: 1, shapes: {}, ops: row === undefined ? {} : { "a.b": { ...row, scope } } };
  };
  assert.deepEqual(brokenPromises(scoped("device", []), scoped("member", ["not_found"])), []);
  assert.match(brokenPromises(scoped("member", []), scoped("device", [])).join(), /scope changed/);
});

test("every other change is named", () => {
  const before = ledgerOf(z.object({ id: z.string() }), z.object({ n: z.int(), o: z.string() }), [
    "not_found",
  ]);
  const cases: readonly [Ledger, RegExp][] = [
    [{ protocol: 1, shapes: {}, ops: {} }, /a\.b: removed/],
    [
      ledgerOf(z.object({ id: z.int() }), z.object({ n: z.int(), o: z.string() })),
      /input\.id\.type: changed/,
    ],
    [
      ledgerOf(
        z.object({ id: z.string(), y: z.string() }),
        z.object({ n: z.int(), o: z.string() }),
      ),
      /input\.y: became required/,
    ],
    [ledgerOf(z.object({ id: z.string() }), z.object({ n: z.int() })), /output\.o: removed/],
    [
      ledgerOf(z.object({ id: z.string() }), z.object({ n: z.int(), o: z.string().optional() })),
      /output\.o: no longer/,
    ],
    [
      ledgerOf(z.object({ id: z.string() }), z.object({ n: z.int(), o: z.string() }), ["expired"]),
      /new error expired/,
    ],
    [
      ledgerOf(z.object({ id: z.string().max(3) }), z.object({ n: z.int(), o: z.string() })),
      /input\.id\.maxLength: changed/,
    ],
  ];
  for (const [next, expected] of cases)
    assert.match(brokenPromises(before, next).join("\n"), expected);
  const raised = { ...(cases[0]?.[0] as Ledger), protocol: 2 };
  assert.deepEqual(brokenPromises(before, raised), []);
});

test("the ledger is JSON and repeats nothing of what operations share", () => {
  const ledger = currentLedger();
  assert.deepEqual(JSON.parse(JSON.stringify(ledger)), ledger);
  assert.ok("RosterEntry" in ledger.shapes);
});
