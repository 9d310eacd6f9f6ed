import assert from "node:assert/strict";
import { test } from "node:test";
import { nouns, Peer } from "@claudemesh/protocol";
import { terminalOf } from "../terminal/terminal.ts";
import { textWidth } from "../terminal/width.ts";
import { hostWith } from "../testing/host.ts";
import { printers } from "./peer.ts";

const { host } = hostWith({});
const now = 1_700_000_000_000;
const terminal = { ...terminalOf(host, host.stdout, true), columns: 80 };
const context = { terminal, now, call: "claudemesh", input: {} };
const peer = (over: object) =>
  Peer.parse({
    member: `mbr_${"b".repeat(64)}`,
    name: "bob",
    key: "0123456789abcdef",
    memberKey: "fedcba9876543210",
    trust: "unverified",
    self: false,
    type: "ai",
    status: "working",
    statusSource: "hook",
    statusAgeMs: 1_000,
    groups: [],
    tags: [],
    host: "remote",
    connectedAt: now - 3_600_000,
    via: "socket",
    sharesKeyWith: 0,
    ...over,
  });

const print = (items: readonly Peer[], ageMs = 0) => {
  const printed = printers[nouns.peer.list.name]?.({ items: [...items], ageMs }, context);
  assert.ok(printed);
  return printed;
};

test("a session is told on a line, and whatever is known besides below it", () => {
  const { lines } = print([
    peer({
      session: "ses_01234567-89ab-7def-8123-456789abcdef",
      self: true,
      status: "dnd",
      statusSource: "manual",
      statusAgeMs: 240_000,
      summary: "the \u001bparser",
      agent: "claude-code",
      model: "opus",
      cwd: "/src/app",
      host: "local",
      groups: ["flex/core"],
      roleTag: "reviewer",
      sharesKeyWith: 1,
    }),
    peer({ type: "human", status: "idle", statusSource: undefined }),
  ]);
  assert.deepEqual(lines, [
    "NAME       KEY               TYPE   STATUS              CONNECTED",
    "bob (you)  0123456789abcdef  ai     dnd (manual) 4 min  1 h ago",
    '  "the \\x1bparser"',
    "  claude-code opus · /src/app (local) · @flex/core · reviewer · shares its key",
    "  with 1 more",
    "bob        0123456789abcdef  human  idle                1 h ago",
  ]);
});

test("no line is over 80 columns, and the age of what is not current is told", () => {
  const stats = { messagesIn: 1, messagesOut: 2, toolCalls: 3, errors: 4, uptimeMs: 5 };
  const name = "a name of which there is really far too much for one line, yes";
  const long = peer({ name, summary: "words ".repeat(80).trim(), cwd: "/src/app", stats });
  const { lines, notes } = print([long], 60_000);
  for (const line of lines) assert.ok(textWidth(line) <= 80, line);
  assert.match(lines.join("\n"), /1 in, 2 out, 3 tool calls, 4 errors/);
  assert.equal(notes?.length, 1);
});
