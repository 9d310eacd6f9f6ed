import assert from "node:assert/strict";
import type { Scene, ToolRows } from "../row.ts";

const sent = ({ alice }: Scene, text: string) => alice.send("bob", text);

export const messageTools: ToolRows = {
  check_messages: {
    good: async ({ bob }) => {
      await bob.reaches(await bob.send("alice", "for the tool", { priority: "low" }), "stored");
      return { limit: 10, wait: "60s" };
    },
    expect: (structured, _scene, text) => {
      assert.equal(structured, undefined, "what others say comes fenced only");
      assert.match(text, /^<mesh-[0-9a-f]+ .*for the tool/s);
    },
  },
  dead_letters: {
    good: () => ({ limit: 5 }),
    expect: ({ items }) => assert.deepEqual(items, []),
  },
  guard_status: { good: () => ({}) },
  message_status: {
    good: async (scene) => ({ id: await sent(scene, "how far?") }),
    expect: ({ direction }) => assert.equal(direction, "sent"),
  },
  send_message: {
    good: () => ({ to: "bob", text: "by tool", priority: "next", intent: "inform" }),
    expect: async ({ id }, { alice }) => void (await alice.reaches(id, "stored")),
  },
  show_message: {
    good: async (scene) => ({ id: await sent(scene, "once more") }),
    expect: (_structured, _scene, text) => assert.equal(JSON.parse(text).text, "once more"),
  },
};
