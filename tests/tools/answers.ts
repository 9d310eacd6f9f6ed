import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Scene, ToolRow } from "./row.ts";

/** What a tool said, as text. */
export const textOf = ({ content }: CallToolResult): string =>
  content.map((part) => (part.type === "text" ? part.text : "")).join("");

/** What is not as it should be in the answer to a good input; undefined where nothing is. */
export async function answerFault(
  { expect }: ToolRow,
  answer: CallToolResult,
  scene: Scene,
): Promise<string | undefined> {
  const text = textOf(answer);
  if (answer.isError === true) return `good input: ${text}`;
  await expect?.(answer.structuredContent, scene, text);
  return undefined;
}
