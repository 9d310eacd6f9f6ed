import type { RowResult } from "./row.ts";

const round = (value: number | undefined): string => {
  if (value === undefined) return "";
  if (Number.isNaN(value)) return "n/a";
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

/** Rows as a text table: one column per figure that any row has. */
export function table(results: readonly RowResult[]): string {
  const columns = [...new Set(results.flatMap((row) => Object.keys(row.figures)))];
  const head = ["", ...columns];
  const lines = results
    .filter(({ skipped }) => skipped === undefined)
    .map((row) => [
      `${row.reference ? "  ref " : "  "}${row.name}`,
      ...columns.map((column) => round(row.figures[column])),
    ]);
  const widths = head.map((title, i) =>
    Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)),
  );
  const print = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ");
  const why = results.flatMap(({ name, skipped }) =>
    skipped === undefined ? [] : [`  skipped: ${name}: ${skipped}`],
  );
  return [...[head, ...lines].map(print), ...why].join("\n");
}
