import { MeshError, parse, SkillContents, SkillName } from "@claudemesh/protocol";
import { readFrontMatter } from "./front-matter.ts";
import type { NamedSkill } from "./share-skill.ts";

/** A SKILL.md as agents have it: front matter between lines of `---`, instructions below. Throws `malformed`, naming the file and the field. */
export function parseSkill(
  text: string,
  { path, fallback }: { readonly path: string; readonly fallback: string },
): NamedSkill {
  const { fields, body } = readFrontMatter(text, path);
  const field = (name: string) => fields.get(name) ?? fields.get(name.replaceAll("-", "_"));
  const one = (name: string) => {
    const value = field(name);
    return Array.isArray(value) ? value.join(", ") : value;
  };
  const many = (name: string) => {
    const value = field(name);
    if (value === undefined || Array.isArray(value)) return value;
    return splitWords(value);
  };
  const context = one("context");
  const contents = {
    description: one("description"),
    instructions: body.trim(),
    tags: many("tags"),
    whenToUse: one("when-to-use"),
    allowedTools: many("allowed-tools"),
    model: one("model"),
    context: context === undefined || context === "fork" ? context : "inline",
    agent: one("agent"),
    userInvocable: booleanOf(one("user-invocable"), path),
    argumentHint: one("argument-hint"),
  };
  const given = Object.fromEntries(
    Object.entries(contents).filter(([, value]) => value !== undefined && value !== ""),
  );
  return {
    ...parse(SkillContents, given, path),
    name: parse(SkillName, one("name") ?? fallback, `${path}: name`),
  };
}

function booleanOf(text: string | undefined, path: string): boolean | undefined {
  if (text === undefined || text === "true" || text === "false") return text && text === "true";
  throw new MeshError("malformed", `${path}: user-invocable: expected true or false`);
}

/** Parted by commas, or else by spaces; what stands in parentheses belongs together, as in `Bash(git diff, git log)`. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  const isList = /,/.test(text.replaceAll(/\([^)]*\)/g, ""));
  let word = "";
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    const ends = depth === 0 && (isList ? character === "," : /\s/.test(character));
    if (ends) words.push(word.trim());
    word = ends ? "" : word + character;
  }
  return [...words, word.trim()].filter((one) => one !== "");
}
