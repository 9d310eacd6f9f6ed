/** From this size on an agent's hook input is passed on without its bulk. */
const mostChars = 32_768;
const mostText = 2_048;

/**
 * An agent's hook input as an object; undefined when it is none. What tools were given and answered can be megabytes: of a long input only its short plain
 * values are kept, which are all that the daemon asks for.
 */
export function trimmed(text: string): Record<string, unknown> | undefined {
  const parsed: unknown = JSON.parse(text);
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) return undefined;
  if (text.length <= mostChars) return parsed as Record<string, unknown>;
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => isShort(value)));
}

const isShort = (value: unknown): boolean =>
  typeof value === "number" ||
  typeof value === "boolean" ||
  (typeof value === "string" && value.length <= mostText);
