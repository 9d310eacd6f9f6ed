import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Scene, ToolRows } from "../row.ts";

/** A folder that bob shares with alice, with one file in it. */
async function shared({ alice, bob }: Scene): Promise<void> {
  const path = join(dirname(bob.home), "of-bob");
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "notes.txt"), "read by a peer\n");
  const { api } = await bob.device();
  await api.peerfile.share({ path });
  await api.grant.set({ peer: alice.name, capabilities: "file-read" });
}

export const peerFileTools: ToolRows = {
  list_peer_files: {
    good: async (scene) => {
      await shared(scene);
      return { peer: "bob", path: "" };
    },
    expect: ({ items }) => assert.match(JSON.stringify(items), /notes\.txt/),
  },
  read_peer_file: {
    good: async (scene) => {
      await shared(scene);
      return { peer: "bob", path: "notes.txt" };
    },
    expect: ({ content }) => assert.equal(content, "read by a peer\n"),
  },
};
