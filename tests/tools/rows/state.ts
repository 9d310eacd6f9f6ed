import assert from "node:assert/strict";
import type { ToolRows } from "../row.ts";

export const stateTools: ToolRows = {
  get_state: {
    good: async ({ bob }) => {
      await (await bob.device()).api.state.set({ key: "branch", value: "main" });
      return { key: "branch" };
    },
    expect: ({ value }) => assert.equal(value, "main"),
  },
  list_state: {
    good: () => ({ prefix: "bra" }),
    expect: ({ items }) => assert.ok(Array.isArray(items)),
  },
  set_state: {
    good: () => ({ key: "release", value: "green", ifVersion: 0 }),
    expect: ({ key, value }) => assert.deepEqual([key, value], ["release", "green"]),
  },
};
