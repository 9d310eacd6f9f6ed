import { lostOf } from "../history/check.ts";
import type { AgentsChaosResult } from "./run-agents-chaos.ts";

const most = 20;

/** The result as lines of text, the last one `attempts N … findings N`. */
export function describeAgentsResult(result: AgentsChaosResult): string[] {
  const { report, seed, tried, endings, states, findings, stories, files } = result;
  const counted = (title: string, counts: ReadonlyMap<string, number>) => [
    title,
    ...[...counts].sort().map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`),
  ];
  const ghosts = result.ghostsMs === undefined ? "for ever" : `${Math.round(result.ghostsMs)} ms`;
  const lines = [
    ...counted("kills:", tried),
    ...counted("ends of processes:", endings),
    ...counted("as their senders take them:", states),
    "largest files:",
    ...files.slice(0, 3 * most).map(({ path, bytes }) => `  ${String(bytes).padStart(9)}  ${path}`),
    `left to the next sessions: ${result.left.join(", ") || "nothing"}`,
    `sessions were shown as peers after their end: ${ghosts}`,
  ];
  if (findings.length > 0) {
    lines.push(`seed ${seed}`, ...findings.slice(0, most));
    for (const [value, story] of [...stories].slice(0, most)) {
      lines.push(`${value}:`, ...story.slice(0, 2 * most).map((line) => `  ${line}`));
    }
  }
  const { attempts, acknowledged, shown, again, duplicated, reordered } = report;
  lines.push(
    `attempts ${attempts} acknowledged ${acknowledged} shown ${shown} again ${again} reordered ${reordered.length} not shown ${lostOf(report).length} duplicated ${duplicated.length} findings ${findings.length}`,
  );
  return lines;
}
