import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Scene, ToolRows } from "../row.ts";

const content = "what the build said\n";

/** A file on alice's disk, outside her home. */
function written({ alice }: Scene, name: string): string {
  const path = join(dirname(alice.home), name);
  writeFileSync(path, content);
  return path;
}

const shared = async (scene: Scene, name: string) =>
  (await scene.alice.device()).api.file.share({ path: written(scene, name) });

export const fileTools: ToolRows = {
  delete_file: { good: async (scene) => ({ id: (await shared(scene, "gone.txt")).id }) },
  file_status: {
    good: async (scene) => ({ id: (await shared(scene, "status.txt")).id }),
    expect: ({ name, bytes }) => assert.deepEqual([name, bytes], ["status.txt", content.length]),
  },
  get_file: {
    good: async (scene) => {
      const { id } = await shared(scene, "wanted.txt");
      return { id, out: join(dirname(scene.alice.home), "got.txt"), overwrite: true };
    },
    expect: ({ bytes }) => assert.equal(bytes, content.length),
  },
  grant_file_access: {
    good: async (scene) => {
      const path = written(scene, "sealed.txt");
      const { id } = await (await scene.alice.device()).api.file.share({ path, to: ["bob"] });
      return { id, to: ["bob"] };
    },
  },
  list_files: { good: () => ({ limit: 5 }) },
  share_file: {
    good: (scene) => ({ path: written(scene, "shared.txt"), tags: ["log"] }),
    expect: ({ bytes }) => assert.equal(bytes, content.length),
  },
};
