import assert from "node:assert/strict";
import type { Scene, ToolRows } from "../row.ts";

const value = "s3cret-of-the-vault";

const kept = async ({ alice }: Scene, key: string) => {
  await (await alice.device()).api.vault.set({ key, value });
  return key;
};

export const vaultTools: ToolRows = {
  vault_delete: { good: async (scene) => ({ key: await kept(scene, "OLD") }) },
  vault_list: {
    good: async (scene) => {
      await kept(scene, "TOKEN");
      return {};
    },
    expect: ({ items }, _scene, text) => {
      assert.match(JSON.stringify(items), /TOKEN/);
      assert.ok(!text.includes(value), "a list shows no values");
    },
  },
  vault_set: {
    good: () => ({ key: "NEW", value, type: "env" }),
    expect: (_answer, _scene, text) => assert.ok(!text.includes(value)),
  },
};
