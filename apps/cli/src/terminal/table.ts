import type { Terminal } from "./terminal.ts";
import { fit, pad, textWidth } from "./width.ts";

export interface Column {
  readonly title: string;
  /** may be cut when the line is too long; the others never are */
  readonly flexible?: boolean;
}

const gap = 2;
const least = 6;

/** Aligned rows under a head line, within the terminal's width as far as the columns that may be cut allow. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminal: Terminal,
): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[index] ?? ""))),
  );
  shrink(widths, columns, terminal.columns);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return pad(fit(cell, width, terminal.icons.cut), width);
      })
      .join(" ".repeat(gap))
      .trimEnd();
  const head = terminal.paint("dim", line(columns.map(({ title }) => title.toUpperCase())));
  return [head, ...rows.map(line)];
}

/** Takes columns from the widest that may be cut, until the line fits. */
function shrink(widths: number[], columns: readonly Column[], room: number): void {
  for (;;) {
    const total = widths.reduce((sum, width) => sum + width + gap, -gap);
    if (total <= room) return;
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const width = widths[index] ?? 0;
      if (column.flexible && width > least && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

/** `name  value` lines with the values aligned. */
export function pairs(
  entries: readonly (readonly [string, string])[],
  terminal: Terminal,
): string[] {
  const width = Math.max(0, ...entries.map(([name]) => textWidth(name)));
  return entries.map(([name, value]) =>
    `${terminal.paint("dim", pad(name, width))}  ${value}`.trimEnd(),
  );
}
