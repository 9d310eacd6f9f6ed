import { lostOf } from "../history/check.ts";
import type { ChaosResult } from "./run-chaos.ts";

const most = 20;

/** The result as lines of text, the last one `acknowledged N lost N duplicated N`. */
export function describeResult(result: ChaosResult): string[] {
  const { report, seed, tried, endings, findings, stories, isGood } = result;
  const counted = (counts: ReadonlyMap<string, number>) =>
    [...counts].sort().map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`);
  const lost = lostOf(report);
  const { prefix, middle, postfix } = report.lost;
  const lines = ["faults:", ...counted(tried), "ends of processes:", ...counted(endings)];
  lines.push(
    `attempts ${report.attempts} shown ${report.shown} again ${report.again} recovered ${report.recovered.length}`,
    `unexpected ${report.unexpected.length} reordered ${report.reordered.length} contradicted ${report.contradicted.length}`,
  );
  if (lost.length > 0) {
    lines.push(`lost: prefix ${prefix.length} middle ${middle.length} postfix ${postfix.length}`);
  }
  if (!isGood) {
    lines.push(`seed ${seed}`, ...findings.slice(0, most), ...more(findings.length));
    for (const [value, story] of [...stories].slice(0, most)) {
      lines.push(`${value}:`, ...story.slice(0, 2 * most).map((line) => `  ${line}`));
      lines.push(...more(story.length, 2 * most));
    }
    lines.push(...more(stories.size));
  }
  const { acknowledged, duplicated } = report;
  lines.push(`acknowledged ${acknowledged} lost ${lost.length} duplicated ${duplicated.length}`);
  return lines;
}

const more = (count: number, told = most): string[] =>
  count > told ? [`and ${count - told} more`] : [];
