import { neutralise } from "./neutralise.ts";

/** Characters of someone else's words within a line of one's own. */
const most = 160;

/** Someone else's words as part of one line: harmless, without breaks, cut where they are long. */
export function oneLine(text: string): string {
  const clean = neutralise(text.slice(0, 4 * most))
    .replaceAll(/\s+/gu, " ")
    .trim();
  const chars = [...clean];
  return chars.length <= most && text.length <= 4 * most
    ? clean
    : `${chars.slice(0, most - 1).join("")}…`;
}
