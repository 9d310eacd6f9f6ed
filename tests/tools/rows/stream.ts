import assert from "node:assert/strict";
import type { Scene, ToolRows } from "../row.ts";

const made = async ({ bob }: Scene, name: string) => {
  await (await bob.device()).api.stream.create({ name });
  return name;
};

export const streamTools: ToolRows = {
  create_stream: {
    good: () => ({ name: "builds" }),
    expect: ({ name }) => assert.equal(name, "builds"),
  },
  list_streams: { good: () => ({}) },
  publish: { good: async (scene) => ({ name: await made(scene, "ticks"), data: '{"n":1}' }) },
  subscribe: { good: async (scene) => ({ name: await made(scene, "heard") }) },
};
