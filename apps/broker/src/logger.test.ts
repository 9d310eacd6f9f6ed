import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import fc from "fast-check";
import { createLogger } from "./logger.ts";

function logged(fields: Record<string, unknown>): string {
  const lines: string[] = [];
  createLogger({ level: "debug", now: () => 0, write: (line) => lines.push(line) }).info(
    "x",
    fields,
  );
  return lines.join("\n");
}

test("a secret is not logged under any name, at any depth, or inside an error", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{43,90}$/);
  const name = fc.constantFrom("note", "sig", "token", "path", "cause", "list");
  fc.assert(
    fc.property(secret, name, (text, field) => {
      const shapes = [
        text,
        [text],
        { a: { b: text } },
        new Error(`bad ${text}`),
        new MeshError("internal", "x", { cause: new Error(text) }),
      ];
      for (const shape of shapes) assert.ok(!logged({ [field]: shape }).includes(text));
    }),
  );
});

test("contents are left out by name, also short ones, and a parser's quote too", () => {
  for (const name of ["body", "input", "envelope", "welcome", "token", "cursor", "text"]) {
    assert.doesNotMatch(logged({ [name]: "hush" }), /hush/);
    assert.doesNotMatch(logged({ deep: { [name]: { inner: "hush" } } }), /hush/);
  }
  assert.doesNotMatch(logged({ cause: new SyntaxError('"hush" is not valid JSON') }), /hush/);
});

test("ids stay readable, lines are JSON, levels are kept", () => {
  const mesh = `mesh_${"a".repeat(64)}`;
  const requestId = "req_00000000-0000-4000-8000-000000000000.17";
  const line = JSON.parse(logged({ mesh, requestId }));
  assert.equal(line.mesh, mesh);
  assert.equal(line.requestId, requestId);
  assert.equal(line.level, "info");
  const lines: string[] = [];
  const log = createLogger({ level: "warn", now: () => 0, write: (text) => lines.push(text) });
  log.info("no");
  log.error("yes");
  assert.equal(lines.length, 1);
});
