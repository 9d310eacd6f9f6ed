import { fromUtf8 } from "@claudemesh/crypto";
import { limits, MeshError, type SkillFile } from "@claudemesh/protocol";
import { parseSkill } from "./parse-skill.ts";
import type { NamedSkill } from "./share-skill.ts";
import { type Tree, treeLimits } from "./tree.ts";

const main = "SKILL.md";

/** Every skill of a tree: each folder with a SKILL.md, and the files below it that are no other skill's. Throws `malformed`, `not_found`, `too_large`. */
export async function skillsIn(tree: Tree): Promise<NamedSkill[]> {
  const roots = [...tree.keys()]
    .filter((path) => path === main || path.endsWith(`/${main}`))
    .map((path) => path.slice(0, -main.length))
    .sort();
  if (roots.length === 0) throw new MeshError("not_found", `source: there is no ${main} in it`);
  if (roots.length > treeLimits.skills) {
    throw new MeshError("too_large", `source: more than ${treeLimits.skills} skills`);
  }
  const skills: NamedSkill[] = [];
  for (const root of roots) skills.push(await skillAt(tree, root, roots));
  const names = skills.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return skills;
  throw new MeshError("malformed", `source: two skills are called ${twice}`);
}

async function skillAt(tree: Tree, root: string, roots: readonly string[]): Promise<NamedSkill> {
  const files: SkillFile[] = [];
  let text = "";
  for (const [path, file] of tree) {
    if (ownerOf(path, roots) !== root) continue;
    if (file.bytes > limits.skillBytes) {
      throw new MeshError("too_large", `source: ${path} is larger than a skill may be`);
    }
    const read = textOf(path, await file.read());
    const inside = path.slice(root.length);
    if (inside === main) text = read;
    else files.push({ path: inside, text: read });
    if (files.length > limits.skillFiles) {
      throw new MeshError("too_large", `source: ${root}${main}: over ${limits.skillFiles} files`);
    }
  }
  const fallback = root.split("/").at(-2) ?? "";
  const skill = parseSkill(text, { path: `${root}${main}`, fallback });
  return { ...skill, ...(files.length === 0 ? {} : { files: files.sort(byPath) }) };
}

/** The innermost skill that a file lies in. */
const ownerOf = (path: string, roots: readonly string[]): string | undefined =>
  roots
    .filter((root) => path.startsWith(root))
    .sort((a, b) => b.length - a.length)
    .at(0);

const byPath = (a: SkillFile, b: SkillFile): number => (a.path < b.path ? -1 : 1);

function textOf(path: string, bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes).replaceAll("\r\n", "\n");
  } catch {
    throw new MeshError("malformed", `source: ${path} is not UTF-8 text`);
  }
}
