import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { type HookHost, runHook } from "./run-hook.ts";
import { statusLine } from "./status-line.ts";
import { trimmed } from "./trimmed.ts";

const absent = () => Promise.reject(Object.assign(new Error("gone"), { code: "ECONNREFUSED" }));

async function run(stdin: string, over: Partial<HookHost>) {
  const stdout = new PassThrough();
  const posts: { path: string; body: Record<string, unknown> }[] = [];
  await runHook({
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout,
    env: { CLAUDE_PID: "7", CLAUDE_CODE_MESSAGING_SOCKET: "/s", CLAUDE_CODE_MESSAGING_TOKEN: "t" },
    parent: 1,
    call: "c",
    post: async (path, body) => {
      posts.push({ path, body: body as Record<string, unknown> });
      return path.endsWith("/done") ? "{}" : "text";
    },
    start: absent,
    ...over,
  });
  return { printed: String(stdout.read() ?? ""), posts };
}

const hook = (name: string) => JSON.stringify({ session_id: "s", hook_event_name: name });

test("it prints what the daemon answers, and only then says so; no token leaves the agent", async () => {
  const { printed, posts } = await run(hook("Stop"), {});
  assert.equal(printed, "text");
  assert.deepEqual(
    posts.map(({ path }) => path),
    ["/v1/agent/hook", "/v1/agent/hook/done"],
  );
  assert.deepEqual(posts[0]?.body.env, { CLAUDE_PID: "7", messaging: "1" });
});

test("nothing to say is nothing printed and nothing to confirm", async () => {
  const asked: string[] = [];
  const post = async (path: string) => {
    asked.push(path);
    return "";
  };
  const { printed } = await run(hook("Stop"), { post });
  assert.equal(printed, "");
  assert.deepEqual(asked, ["/v1/agent/hook"]);
});

test("whatever fails, it prints nothing and does not throw", async () => {
  for (const stdin of ["", "{", "[]", "null", hook("Stop")]) {
    assert.equal((await run(stdin, { post: absent })).printed, "", stdin);
  }
});

test("only the start of a session starts a daemon, and asks it then", async () => {
  let starts = 0;
  let isUp = false;
  const start = async () => {
    starts += 1;
    isUp = true;
  };
  const post = () => (isUp ? Promise.resolve("") : absent());
  await run(hook("UserPromptSubmit"), { start, post });
  assert.equal(starts, 0);
  await run(hook("SessionStart"), { start, post });
  assert.equal(starts, 1);
});

test("of a long input only its short plain values are passed on", () => {
  const long = JSON.stringify({ a: "x", n: 1, b: true, tool_calls: [{ big: "y".repeat(40_000) }] });
  assert.deepEqual(trimmed(long), { a: "x", n: 1, b: true });
  assert.deepEqual(trimmed('{"tool_input":{"a":1}}'), { tool_input: { a: 1 } });
  assert.equal(trimmed("7"), undefined);
});

test("the status line names each mesh, who is there, what waits and a link that is down", () => {
  const line = (...meshes: object[]) => statusLine(JSON.stringify({ meshes }));
  assert.equal(line({ slug: "team", link: "open", unread: 0, peers: 2 }), "mesh team, 2 online");
  assert.equal(
    line({ slug: "te\u001b[31mam", link: "waiting", unread: 3 }, { slug: "b", link: "open" }),
    "mesh te31mam, 3 unread, offline · mesh b",
  );
  assert.equal(
    line({ slug: "team", link: "open", unread: 2, mentions: 1, peers: 0 }),
    "mesh team, 0 online, 2 unread, 1 mention",
  );
  assert.equal(statusLine("{}"), "");
});
