import assert from "node:assert/strict";
import type { ToolRows } from "../row.ts";

export const peerTools: ToolRows = {
  list_peers: { good: () => ({}) },
  set_profile: {
    good: () => ({ title: "builder" }),
    expect: ({ profile }) => assert.equal(profile.title, "builder"),
  },
  set_status: { good: () => ({ status: "working" }) },
  set_summary: { good: () => ({ text: "calling every tool" }) },
  set_visible: { good: () => ({ visible: true }) },
};
