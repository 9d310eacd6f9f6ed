import assert from "node:assert/strict";
import type { Scene, ToolRows } from "../row.ts";

const kept = async ({ alice }: Scene, text: string) =>
  (await alice.device()).api.memory.add({ text, tags: ["builds"] });

export const memoryTools: ToolRows = {
  forget: { good: async (scene) => ({ id: (await kept(scene, "the old runner is slow")).id }) },
  recall: {
    good: async (scene) => {
      await kept(scene, "the cache is cold on mondays");
      return { query: "cache", tag: "builds", limit: 5 };
    },
    expect: ({ items }) => assert.match(JSON.stringify(items), /cold on mondays/),
  },
  remember: {
    good: () => ({ text: "deploys take ten minutes", tags: ["deploys"] }),
    expect: ({ id }) => assert.match(id, /^memory_/),
  },
};
