import assert from "node:assert/strict";
import { test } from "node:test";
import { transcriptOf } from "./transcript-of.ts";
import { isSameWish, wishOfEnvironment, wishOfFile } from "./wished-tools.ts";

test("the environment wishes for all tools, for some by name, or says nothing", () => {
  assert.equal(wishOfEnvironment({}), undefined);
  assert.equal(wishOfEnvironment({ CLAUDEMESH_MCP_FAT: "0" }), undefined);
  assert.equal(wishOfEnvironment({ CLAUDEMESH_MCP_FAT: "1" }), "all");
  const some = wishOfEnvironment({ CLAUDEMESH_MCP_FAT: "1", CLAUDEMESH_MCP_TOOLS: " a, b ,," });
  assert.deepEqual(some, new Set(["a", "b"]));
  assert.equal(wishOfEnvironment({ CLAUDEMESH_MCP_TOOLS: " , " }), undefined);
});

test("the home's file wishes for none, all or some, and only another set is a change", () => {
  assert.equal(wishOfFile(" \n"), "none");
  assert.equal(wishOfFile("all\n"), "all");
  assert.deepEqual(wishOfFile("a,b\nc"), new Set(["a", "b", "c"]));
  assert.ok(isSameWish(wishOfFile("a b"), wishOfFile("b, a")));
  assert.ok(!isSameWish(wishOfFile("a b"), wishOfFile("a c")));
  assert.ok(!isSameWish(wishOfFile("a"), "all"));
});

test("the transcript's place follows the agent's own rule, and is left out where it cannot be told", () => {
  const place = (env: Record<string, string>, cwd = "/p/my.app") =>
    transcriptOf({ env, cwd, userFolder: "/u" }, "abc-1");
  assert.deepEqual(place({ CLAUDE_CODE_SESSION_ID: "abc-1" }), {
    transcript: "/u/.claude/projects/-p-my-app/abc-1.jsonl",
  });
  const set = {
    CLAUDE_CODE_SESSION_ID: "abc-1",
    CLAUDE_CONFIG_DIR: "/c",
    CLAUDE_PROJECT_DIR: "/q",
  };
  assert.deepEqual(place(set), { transcript: "/c/projects/-q/abc-1.jsonl" });
  assert.deepEqual(place({}), {});
  assert.deepEqual(place({ CLAUDE_CODE_SESSION_ID: "abc-1" }, `/${"x".repeat(300)}`), {});
  const foreign = transcriptOf({ env: set, cwd: "/", userFolder: "/u" }, "../../etc");
  assert.deepEqual(foreign, {});
});
