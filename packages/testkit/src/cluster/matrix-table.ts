import { lostOf } from "../history/check.ts";
import type { CellResult, MatrixResult } from "./run-matrix.ts";

const count = new Intl.NumberFormat("en-US").format;

/** A run as the rows of a Markdown table: each fault once, however often it came, and the verdict over all. */
export function tableOfMatrix({ cells, nodes, report }: MatrixResult): string[] {
  const byName = Map.groupBy(cells, ({ name }) => name);
  const rows = [...byName].map(([name, runs]) => `| ${name} | ${figuresOf(runs)} |`);
  const lost = lostOf(report).length;
  const verdict = `${count(lost)} lost, ${count(report.duplicated.length)} repeated`;
  const sum = `${count(report.attempts)} written, ${count(report.acknowledged)} acknowledged`;
  return [
    `| | ${nodes} ${nodes === 1 ? "node" : "nodes"}: sent, acknowledged, read, longest |`,
    "|---|---|",
    ...rows,
    `| **all** | ${sum}: **${verdict}** |`,
  ];
}

function figuresOf(runs: readonly CellResult[]): string {
  const sum = (of: (run: CellResult) => number) => runs.reduce((all, run) => all + of(run), 0);
  const sums = [sum((run) => run.sent), sum((run) => run.acknowledged), sum((run) => run.read)];
  const longest = Math.max(...runs.map(({ longestMs }) => longestMs));
  const refused = sum((run) => run.refused);
  const more = refused === 0 ? "" : ` (${count(refused)} refused)`;
  return `${sums.map(count).join(", ")}, ${(longest / 1000).toFixed(1)} s${more}`;
}
