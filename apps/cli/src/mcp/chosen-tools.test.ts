import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenTools } from "./chosen-tools.ts";
import type { ToolWish } from "./wished-tools.ts";

function chosen() {
  const seen = { loads: 0, unknown: [] as string[][], wish: "none" as ToolWish };
  const tools = chosenTools({
    wish: () => seen.wish,
    load: async () => {
      seen.loads += 1;
      if (seen.loads === 1) throw new Error("not yet");
      return {
        list: async () => [{ name: "a" }, { name: "b" }],
        call: async (name) => ({ content: [{ type: "text", text: `did ${name}` }] }),
      };
    },
    onUnknown: (names) => void seen.unknown.push([...names]),
  });
  return { seen, tools };
}

test("nothing is loaded before a tool is wished for, and what did not load is tried again", async () => {
  const { seen, tools } = chosen();
  assert.deepEqual(await tools.list(), []);
  await assert.rejects(tools.call("a", {}), /there is no tool a/);
  assert.equal(seen.loads, 0);
  seen.wish = "all";
  await assert.rejects(tools.list(), /not yet/);
  assert.equal((await tools.list()).length, 2);
  await tools.call("a", {});
  assert.equal(seen.loads, 2);
});

test("only what is wished for now is listed and called, and a name that no tool has is told", async () => {
  const { seen, tools } = chosen();
  seen.wish = new Set(["b", "nonesuch"]);
  await assert.rejects(tools.list(), /not yet/);
  assert.deepEqual(await tools.list(), [{ name: "b" }]);
  assert.deepEqual(seen.unknown, [["nonesuch"]]);
  await assert.rejects(tools.call("a", {}), /there is no tool a/);
  assert.equal((await tools.call("b", {})).content[0]?.text, "did b");
  seen.wish = new Set(["a"]);
  assert.deepEqual(await tools.list(), [{ name: "a" }]);
});
