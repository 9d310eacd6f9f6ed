import assert from "node:assert/strict";
import type { ToolRows } from "../row.ts";

export const meshTools: ToolRows = {
  mesh_info: {
    good: () => ({ mesh: "team" }),
    expect: ({ slug }) => assert.equal(slug, "team"),
  },
  ping_mesh: {
    good: () => ({}),
    expect: ({ ok }) => assert.notEqual(ok, false),
  },
};
