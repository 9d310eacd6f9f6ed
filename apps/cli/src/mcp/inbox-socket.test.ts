import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { hasInboxSocket, inboxSocketOf, postToInbox, probeInbox } from "./inbox-socket.ts";

const folder = mkdtempSync(join(tmpdir(), "claudemesh-inbox-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the socket is used from the release on that has it, and only for the agent that does", () => {
  const has = (version: string, name = "claude-code") => hasInboxSocket({ name, version });
  assert.equal(has("2.1.223"), false);
  assert.equal(has("2.1.224"), true);
  assert.equal(has("2.2.0"), true);
  assert.equal(has("3.0.0-beta"), true);
  assert.equal(has("1.9.999"), false);
  assert.equal(has("newest"), false);
  assert.equal(has("2.1.329", "other"), false);
});

test("nothing in the environment, no socket", () => {
  assert.equal(inboxSocketOf({}), undefined);
  assert.equal(inboxSocketOf({ CLAUDE_CODE_MESSAGING_SOCKET: "" }), undefined);
});

test("a post is two whole lines, and no name ends its attribute", async () => {
  const path = join(folder, "a.sock");
  const read = Promise.withResolvers<string>();
  const server = createServer((socket) => void text(socket).then(read.resolve));
  server.listen(path);
  await once(server, "listening");
  await postToInbox({ path, token: "t" }, { id: "dlv_1", text: "a\nb", from: 'x"><b> y' });
  const [auth = "", message = "", rest] = (await read.promise).split("\n");
  assert.deepEqual(JSON.parse(auth), { type: "auth", token: "t" });
  assert.deepEqual(JSON.parse(message), {
    type: "user",
    message: {
      role: "user",
      content:
        '<cross-session-message from="uds:claudemesh" from-name="xb y">\na\nb\n</cross-session-message>',
    },
    from: "uds:claudemesh",
    msg_id: "dlv_1",
    priority: "next",
  });
  assert.equal(rest, "");
  server.close();
});

test("where nobody listens, or the other side hangs up at once, it was not handed over", async () => {
  const socket = { path: join(folder, "none.sock"), token: undefined };
  assert.equal(await probeInbox(socket), false);
  await assert.rejects(postToInbox(socket, { id: "1", text: "x", from: "a" }));
  const path = join(folder, "b.sock");
  const server = createServer((one) => one.destroy());
  server.listen(path);
  await once(server, "listening");
  const large = { id: "1", text: "x".repeat(900_000), from: "a" };
  await assert.rejects(postToInbox({ path, token: undefined }, large));
  server.close();
});
