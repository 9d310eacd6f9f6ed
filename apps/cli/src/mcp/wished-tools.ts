/** Which tools an agent session is to have, by its environment: none, all, or those of a list. */
export function wishedTools(
  env: Readonly<Record<string, string | undefined>>,
): "none" | "all" | ReadonlySet<string> {
  const list = env.CLAUDEMESH_MCP_TOOLS?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (list !== undefined && list.length > 0) return new Set(list);
  return env.CLAUDEMESH_MCP_FAT === "1" ? "all" : "none";
}
