import assert from "node:assert/strict";
import { test } from "node:test";
import { InboxMessage, nouns } from "@claudemesh/protocol";
import { terminalOf } from "../terminal/terminal.ts";
import { hostWith } from "../testing/host.ts";
import { printers } from "./message.ts";

const { host } = hostWith({});
const context = {
  terminal: terminalOf(host, host.stdout, true),
  now: 1_700_000_000_000,
  call: "claudemesh",
  input: {},
};
const mesh = (digit: string, slug: string) => ({ id: `mesh_${digit.repeat(64)}`, slug });
const message = (over: object) =>
  InboxMessage.parse({
    id: "msg_01234567-89ab-7def-8123-456789abcdef",
    mesh: mesh("a", "home"),
    from: { member: `mbr_${"b".repeat(64)}`, name: "bob", key: "ab12cd34ab12cd34", verified: true },
    text: "hi",
    priority: "next",
    kind: "direct",
    createdAt: context.now - 60_000,
    receivedAt: context.now,
    again: false,
    ...over,
  });

test("again is said in a word, and the mesh where there are several", () => {
  const print = printers[nouns.message.inbox.name];
  const items = [message({ again: true }), message({ mesh: mesh("c", "work") })];
  const notices = [{ mesh: message({}).mesh, code: "gap", text: "a\u001bb", at: 1 }];
  const printed = print?.({ items, notices, more: 2 }, context);
  assert.deepEqual(printed?.lines, [
    "bob  home  1 min ago  89abcdef  ↻ again",
    "  hi",
    "bob  work  1 min ago  89abcdef",
    "  hi",
  ]);
  assert.deepEqual(printed?.alerts, ["⚠ home: a\\x1bb"]);
  assert.deepEqual(printed?.notes, [
    'reply: claudemesh send bob "..." --reply-to 89abcdef',
    "2 more wait: claudemesh inbox",
  ]);
});

test("what is for many says where it was sent, and an answer goes there", () => {
  const print = printers[nouns.message.inbox.name];
  const inbox = (item: ReturnType<typeof message>) =>
    print?.({ items: [item], notices: [], more: 0 }, context);
  const group = inbox(message({ kind: "group", group: "flex/core" }));
  assert.equal(group?.lines[0], "bob  to @flex/core  1 min ago  89abcdef");
  assert.deepEqual(group?.notes, ['reply: claudemesh send @flex/core "..." --reply-to 89abcdef']);
  const everyone = inbox(message({ kind: "broadcast" }));
  assert.equal(everyone?.lines[0], "bob  to everyone  1 min ago  89abcdef");
  assert.deepEqual(everyone?.notes, ['reply: claudemesh send bob "..." --reply-to 89abcdef']);
});
