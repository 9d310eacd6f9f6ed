import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { checkProjection, jsonLine, jsonStream, project } from "./json.ts";

test("the schema version comes first", () => {
  assert.equal(jsonLine({ id: "x" }), '{"schema_version":1,"id":"x"}\n');
});

test("a list streams one object per line, any other record one", () => {
  assert.equal(
    jsonStream({ items: [{ a: 1 }, { a: 2 }], more: 0 }),
    '{"schema_version":1,"a":1}\n{"schema_version":1,"a":2}\n',
  );
  assert.equal(
    jsonStream({ items: [], notices: [{ code: "gap" }] }),
    '{"schema_version":1,"notice":{"code":"gap"}}\n',
  );
  assert.equal(jsonStream({ items: [] }), "");
  assert.equal(jsonStream({ a: 1 }), '{"schema_version":1,"a":1}\n');
});

test("a projection keeps only the paths, in the record or in every item", () => {
  assert.deepEqual(project({ id: 1, to: { name: "bob", key: "k" } }, ["to.name"]), {
    to: { name: "bob" },
  });
  assert.deepEqual(
    project({ items: [{ a: 1, b: { c: 2, d: 3 } }], more: 4 }, ["more", "a", "b.c"]),
    { more: 4, items: [{ a: 1, b: { c: 2 } }] },
  );
  assert.deepEqual(project({ items: [{ a: 1 }] }, ["warning"]), { items: [{ warning: null }] });
  const odd = project({ items: [JSON.parse('{"__proto__":{"x":1}}')] }, ["__proto__.x"]);
  assert.equal(({} as { x?: unknown }).x, undefined);
  assert.ok(odd);
});

test("an unknown field is refused with the known ones", () => {
  const shape = { own: ["items", "more"], items: ["id"] };
  checkProjection(["id", "more"], shape, "inbox");
  assert.throws(
    () => checkProjection(["idd"], shape, "inbox"),
    (error) => error instanceof MeshError && error.hint === "its fields are id, items, more",
  );
});
