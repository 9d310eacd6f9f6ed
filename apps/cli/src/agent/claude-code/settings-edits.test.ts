import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { JsonFile } from "../json-file.ts";
import { hookTable } from "./hooks.ts";
import {
  addHooks,
  addRules,
  addServer,
  addStatusLine,
  removeHooks,
  removeRules,
  removeServer,
  removeStatusLine,
} from "./settings-edits.ts";

const folder = mkdtempSync(join(tmpdir(), "claudemesh-settings-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const table = hookTable({ node: "/n/node", entry: "/e/claudemesh.js", home: undefined });
const server = { type: "stdio", command: "/n/node", args: ["/e/claudemesh.js", "mcp"] };
const rules = ["Bash(claudemesh send:*)", "Bash(claudemesh inbox:*)"];
const command = "/h/bin/claudemesh status-line";

function fileOf(text: string): JsonFile {
  const path = join(folder, "settings.json");
  writeFileSync(path, text);
  return new JsonFile(path);
}

function putIn(file: JsonFile): { added: string[]; line: boolean; server: boolean } {
  const line = addStatusLine(file, command);
  addHooks(file, table);
  return { added: addRules(file, rules), line, server: addServer(file, "claudemesh", server) };
}

function takeOut(file: JsonFile, put: ReturnType<typeof putIn>): void {
  removeRules(file, put.added);
  if (put.line) removeStatusLine(file, command);
  removeHooks(file, table);
  removeServer(file, "claudemesh", server);
}

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const hook = fc.record({ hooks: fc.array(fc.record({ type: fc.string(), command: fc.string() })) });
const settings = fc.record(
  {
    model: value,
    permissions: fc.record(
      { allow: fc.array(fc.string(), { minLength: 1 }), deny: fc.array(fc.string()) },
      { requiredKeys: ["deny"] },
    ),
    hooks: fc.dictionary(fc.constantFrom("Stop", "PreToolUse"), fc.array(hook, { minLength: 1 }), {
      minKeys: 1,
    }),
    statusLine: fc.record({ type: fc.string(), command: fc.string() }),
    mcpServers: fc.dictionary(fc.constantFrom("a", "b"), fc.record({ url: fc.webUrl() }), {
      minKeys: 1,
    }),
  },
  { requiredKeys: [] },
);

test("what was put in is taken out, and everything else says what it said", () => {
  fc.assert(
    fc.property(settings, fc.constantFrom(undefined, 2, 4, "\t"), (before, indent) => {
      const file = fileOf(JSON.stringify(before, undefined, indent));
      const put = putIn(file);
      const once = file.text;
      putIn(file);
      assert.equal(file.text, once, "putting it in twice changes nothing");
      takeOut(file, put);
      assert.deepEqual(file.value(), JSON.parse(JSON.stringify(before)));
    }),
    { numRuns: 60 },
  );
});

test("comments, order and indentation of a person stay", () => {
  const text = `{\n\t// mine\n\t"zeta": 1,\n\t"permissions": {\n\t\t"allow": ["Bash(ls:*)"] // keep\n\t},\n\t"alpha": 2\n}\n`;
  const file = fileOf(text);
  const put = putIn(file);
  assert.match(file.text, /\/\/ mine\n\t"zeta": 1/);
  assert.match(file.text, /"Bash\(ls:\*\)",\s+"Bash\(claudemesh send:\*\)"/);
  takeOut(file, put);
  assert.match(file.text, /\/\/ mine\n\t"zeta": 1,\n\t"permissions"[\s\S]*"alpha": 2\n}\n$/);
});

test("a status line and a server of somebody else's are kept", () => {
  const theirs = { statusLine: { type: "command", command: "mine" } };
  const other = { command: "/usr/bin/other", args: [] };
  const file = fileOf(JSON.stringify({ ...theirs, mcpServers: { claudemesh: other } }));
  assert.equal(addStatusLine(file, command), false);
  assert.equal(addServer(file, "claudemesh", server), false);
  removeServer(file, "claudemesh", server);
  assert.deepEqual(file.at(["mcpServers", "claudemesh"]), other);
});

test("a server entry of an older place is replaced by ours", () => {
  const old = { type: "stdio", command: "/old/node", args: ["/old/claudemesh.js", "mcp"] };
  const file = fileOf(JSON.stringify({ mcpServers: { claudemesh: old } }));
  assert.equal(addServer(file, "claudemesh", server), true);
  assert.deepEqual(file.at(["mcpServers", "claudemesh"]), server);
});

test("a file that is no JSON object is refused by name and left alone", () => {
  for (const text of ["[]", "{", "null", '"x"', '{"a":}']) {
    assert.throws(() => fileOf(text), { code: "malformed", message: /settings\.json/ });
  }
});
