import { lostOf } from "../history/check.ts";
import type { Alarm } from "./device-verbs.ts";
import type { Verdict } from "./verdict.ts";

/** How a sender is told that its message will not arrive. */
const givenUp = /its sender takes it for (?:refused|undeliverable|void)/;
/** How a reader is told that something did not arrive. */
const notArrived = /was refused|(?:is|are) missing|cannot be read/;

/**
 * What a verdict comes to where bits flipped in transit. The broker's own words are not signed, so a reply, a place or a refusal may be wrong then, and an envelope may
 * be damaged for good; but no text may be shown that was not written, none twice as new, nothing may crash, and what does not arrive has to be told to its sender or its reader.
 */
export function judgeCorrupted(verdict: Verdict, alarms: readonly Alarm[]): Verdict {
  const { report } = verdict;
  const findings = alarms
    .filter(({ code }) => code === "crashed" || code === "internal" || code === "home_damaged")
    .map(({ code, text }) => `${code}: ${text}`);
  const isGivenUp = (value: string) =>
    verdict.findings.some((text) => text.startsWith(`${value}: `) && givenUp.test(text));
  const lost = lostOf(report).filter((value) => !isGivenUp(value));
  const isTold = alarms.some(({ text }) => notArrived.test(text));
  if (lost.length > 0 && !isTold) findings.push(`${lost.length} lost, and nobody was told`);
  const shown = [...report.unexpected, ...report.duplicated];
  return { ...verdict, findings, isGood: findings.length === 0 && shown.length === 0 };
}
