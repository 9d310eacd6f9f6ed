import assert from "node:assert/strict";
import { test } from "node:test";
import { transcriptOf } from "./transcript-of.ts";
import { wishedTools } from "./wished-tools.ts";

test("no tools unless they are wished for, all or by name", () => {
  assert.equal(wishedTools({}), "none");
  assert.equal(wishedTools({ CLAUDEMESH_MCP_FAT: "0" }), "none");
  assert.equal(wishedTools({ CLAUDEMESH_MCP_FAT: "1" }), "all");
  const some = wishedTools({ CLAUDEMESH_MCP_FAT: "1", CLAUDEMESH_MCP_TOOLS: " a, b ,," });
  assert.deepEqual(some, new Set(["a", "b"]));
  assert.equal(wishedTools({ CLAUDEMESH_MCP_TOOLS: " , " }), "none");
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
