import assert from "node:assert/strict";
import type { ToolRows } from "../row.ts";

export const groupTools: ToolRows = {
  join_group: {
    good: () => ({ group: "@flex/core", role: "lead" }),
    expect: ({ groups }) => assert.ok(groups.includes("flex/core"), JSON.stringify(groups)),
  },
  leave_group: {
    good: async ({ alice }) => {
      await (await alice.device()).api.group.join({ group: "@passing" });
      return { group: "@passing" };
    },
    expect: ({ groups }) => assert.ok(!groups.includes("passing")),
  },
};
