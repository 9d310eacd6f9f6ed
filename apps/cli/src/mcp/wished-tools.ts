/** Which tools an agent session is to have: none, all, or those of a list. */
export type ToolWish = "none" | "all" | ReadonlySet<string>;

type Env = Readonly<Record<string, string | undefined>>;

/** What the agent's environment wishes for, which goes before what the home's file says; undefined where it says nothing. */
export function wishOfEnvironment(env: Env): ToolWish | undefined {
  const listed = names(env.CLAUDEMESH_MCP_TOOLS ?? "");
  if (listed.length > 0) return new Set(listed);
  return env.CLAUDEMESH_MCP_FAT === "1" ? "all" : undefined;
}

/** What the home's file says: names with commas or white space between them, or `all`. */
export function wishOfFile(text: string): ToolWish {
  const listed = names(text);
  if (listed.length === 0) return "none";
  return listed.length === 1 && listed[0] === "all" ? "all" : new Set(listed);
}

export const isSameWish = (one: ToolWish, other: ToolWish): boolean =>
  one === other || (typeof one !== "string" && typeof other !== "string" && isSameSet(one, other));

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((name) => other.has(name));

const names = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== "");
