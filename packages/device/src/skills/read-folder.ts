import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { limits, MeshError } from "@claudemesh/protocol";
import { refuseLink, type Tree, TreeBuilder } from "./tree.ts";

/** The files of a folder under its own name, or one SKILL.md under its folder's; hidden ones are left out. Throws `malformed` for links, `too_large`. */
export async function readFolder(path: string): Promise<Tree> {
  const builder = new TreeBuilder();
  const found = await lstat(path);
  const place = found.isDirectory() ? path : dirname(path);
  const name = basename(place) === "" ? "skill" : basename(place);
  if (found.isDirectory()) await take(builder, place, name);
  else await takeFile(builder, path, `${name}/SKILL.md`);
  return builder.tree;
}

async function take(builder: TreeBuilder, folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    const inside = `${name}/${entry.name}`;
    if (entry.isSymbolicLink()) refuseLink(inside);
    else if (entry.isDirectory()) await take(builder, path, inside);
    else if (entry.isFile()) await takeFile(builder, path, inside);
  }
}

async function takeFile(builder: TreeBuilder, path: string, inside: string): Promise<void> {
  const { size: bytes } = await lstat(path);
  builder.add(inside, { bytes, read: () => readWhole(path, inside) });
}

/** What became a link since it was looked at is refused by the system. */
async function readWhole(path: string, inside: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    if (size > limits.skillBytes) {
      throw new MeshError("too_large", `source: ${inside} is larger than a skill may be`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
