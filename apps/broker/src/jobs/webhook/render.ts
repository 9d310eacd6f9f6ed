import { githubText } from "./render-github.ts";

/** characters of a payload that are shown as they are */
const mostChars = 3_000;

/** What came, as a message: what GitHub tells in a sentence, anything else as its JSON or text, bounded. */
export function renderPost(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Buffer,
): string {
  const event = headers["x-github-event"];
  const text = new TextDecoder().decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return shortened(text.trim() === "" ? "(empty)" : text);
  }
  const told = typeof event === "string" ? githubText(event, value) : undefined;
  return told ?? shortened(JSON.stringify(value, null, 1));
}

const shortened = (text: string): string =>
  text.length <= mostChars ? text : `${text.slice(0, mostChars)}\n… (${text.length} characters)`;
