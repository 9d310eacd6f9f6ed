import { lostOf } from "../history/check.ts";
import type { SimulationResult } from "./run-simulation.ts";

const shownLines = 400;
const shownFindings = 20;

/** A failed course as lines of text: what is wrong, the end of its trace, and the command that plays it again. */
export function describeFailure(result: SimulationResult): string[] {
  const { seed, bug, findings, stories, trace, report } = result;
  const { duplicated, unexpected, reordered, contradicted } = report;
  const lines = [`seed ${seed} fails`, ...findings.slice(0, shownFindings)];
  const named = { lost: lostOf(report), duplicated, unexpected, reordered, contradicted };
  for (const [what, values] of Object.entries(named)) {
    if (values.length > 0) lines.push(`${what}: ${values.join(" ")}`);
  }
  for (const [value, story] of [...stories].slice(0, shownFindings)) {
    lines.push(`${value}:`, ...story.slice(0, shownFindings).map((line) => `  ${line}`));
  }
  lines.push("trace, the last lines:", ...trace.slice(-shownLines).map((line) => `  ${line}`));
  const planted = bug === undefined ? "" : ` --bug ${bug}`;
  lines.push(`play it again: npm run simulate -- --seed ${seed}${planted}`);
  return lines;
}
