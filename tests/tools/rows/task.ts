import assert from "node:assert/strict";
import type { Scene, ToolRows } from "../row.ts";

const made = async ({ bob }: Scene) =>
  (await bob.device()).api.task.create({ title: "mend the build" });

export const taskTools: ToolRows = {
  claim_task: {
    good: async (scene) => ({ id: (await made(scene)).id }),
    expect: ({ status }) => assert.equal(status, "claimed"),
  },
  complete_task: {
    good: async (scene) => {
      const { id } = await made(scene);
      await (await scene.alice.device()).api.task.claim({ id });
      return { id, result: "it was the cache" };
    },
    expect: ({ status }) => assert.equal(status, "completed"),
  },
  create_task: {
    good: () => ({ title: "look at it", details: "all of it", priority: "high", tags: ["build"] }),
    expect: ({ id }) => assert.match(id, /^task_/),
  },
  list_tasks: {
    good: async (scene) => {
      await made(scene);
      return { status: "open" };
    },
    expect: ({ items }) => assert.match(JSON.stringify(items), /mend the build/),
  },
};
