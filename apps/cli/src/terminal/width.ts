const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])$/u;
const none = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

const columnsOf = (character: string): number =>
  none.test(character) ? 0 : wide.test(character) ? 2 : 1;

/** Terminal columns that `text` takes: wide East Asian characters and emoji two, combining marks none (UAX #11). */
export function textWidth(text: string): number {
  let total = 0;
  for (const character of text) total += columnsOf(character);
  return total;
}

/** `text` cut to at most `columns`, ending in `mark` where something is missing. */
export function fit(text: string, columns: number, mark: string): string {
  if (textWidth(text) <= columns) return text;
  const room = Math.max(0, columns - textWidth(mark));
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > room) break;
    kept += character;
  }
  return columns < textWidth(mark) ? "" : kept + mark;
}

/** `text` padded with spaces to `columns`. */
export const pad = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - textWidth(text)));

/** Lines of at most `columns`, broken at spaces; a longer word is left whole, so that it can be copied. */
export function wrap(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line: string | undefined;
    for (const word of paragraph.split(" ")) {
      const longer = line === undefined ? word : `${line} ${word}`;
      if (line?.trim() && textWidth(indent + longer) > columns) {
        lines.push(indent + line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line ? indent + line : "");
  }
  return lines;
}
