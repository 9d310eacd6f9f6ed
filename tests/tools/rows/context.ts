import assert from "node:assert/strict";
import type { ToolRows } from "../row.ts";

export const contextTools: ToolRows = {
  get_context: {
    good: async ({ bob }) => {
      await (await bob.device()).api.context.share({ summary: "reading the parser" });
      return { query: "parser" };
    },
    expect: ({ items }) => assert.match(JSON.stringify(items), /reading the parser/),
  },
  list_contexts: { good: () => ({}) },
  share_context: {
    good: () => ({ summary: "the cache", files: ["cache.ts"], findings: ["cold"], tags: ["ci"] }),
  },
};
