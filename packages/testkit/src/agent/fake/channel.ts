import type { McpServer } from "./mcp-server.ts";

export const channelMethod = "notifications/claude/channel";

/** Why this server's channel is shut, in the real program's order of checks, or undefined when it is open. */
export function channelRefusal(server: McpServer, flagOpen: boolean): string | undefined {
  const { experimental = {} } = server.welcome.capabilities ?? {};
  if (experimental["claude/channel"] === undefined) return "capability";
  // Without a fetch of the server-side flag, as in every test of the real one, the flag is off.
  return flagOpen ? undefined : "disabled";
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  '"': "&quot;",
  "<": "&lt;",
  ">": "&gt;",
};
const escapeAttribute = (value: string): string =>
  value.replaceAll(/[&"<>]/g, (character) => entities[character] ?? character);

/**
 * The tag that the model sees, or undefined when the params fail the real program's schema. Keys that are no
 * identifiers are dropped; the body is raw, except that it cannot close the tag.
 */
export function renderChannel(server: string, params: unknown): string | undefined {
  const { content, meta = {} } = (params ?? {}) as { content?: unknown; meta?: unknown };
  if (typeof content !== "string" || typeof meta !== "object" || meta === null) return undefined;
  const pairs = Object.entries(meta as Record<string, unknown>);
  if (pairs.some(([, value]) => typeof value !== "string")) return undefined;
  const attributes = pairs
    .filter(([key]) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key))
    .map(([key, value]) => ` ${key}="${escapeAttribute(value as string)}"`);
  const body = content.replaceAll("</channel", "<\\/channel");
  return `<channel source="${escapeAttribute(server)}"${attributes.join("")}>\n${body}\n</channel>`;
}
