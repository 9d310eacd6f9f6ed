/**
 * Characters that a terminal obeys instead of showing, or that change what a reader believes to read: C0 and C1 controls, bidirectional
 * overrides and isolates (UAX #9), line separators, and invisible fillers and tags.
 */
const dangerous =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}]/gu;

/** Text of someone else made harmless: what would act is shown as `\x1b` or `\u{202e}`; line breaks stay, tabs become spaces. */
export const cleanText = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replaceAll("\t", "    ")
    .replaceAll(dangerous, (character) => (character === "\n" ? character : visible(character)));

/** The same for what must stay on one line, such as names. */
export const cleanLine = (text: string): string =>
  text.replaceAll(dangerous, (character) => visible(character));

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
