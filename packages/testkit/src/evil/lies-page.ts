import type { Lie, Told } from "./lie.ts";
import { families } from "./lies/index.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The page of every lie and what comes of it; the tests hold each row to what real devices do. */
export function liesPage(): string {
  const count = families.reduce((sum, { lies }) => sum + lies.length, 0);
  const parts = [
    "# Lies",
    "",
    `What a device does when its broker lies: ${count} lies, each told to real devices by the tests in \`tests/evil\`, which also play every scene without the lie. Written by \`npm run gen\`.`,
    "",
    "The broker sees and changes every frame, has a member as its accomplice, and knows invite ids, but holds no one else's keys and no open invite's code. Words of the",
    "answers are as people see them; `ID`, `HASH`, `TIME` and `N` stand for what differs from run to run. Unless a row says otherwise, the same scene succeeds as soon as the broker",
    "speaks the truth again.",
    "",
  ];
  for (const { title, lies } of families) {
    parts.push(`## ${title}`, "", "| threat | a broker that … | answer |", "|---|---|---|");
    for (const lie of lies) {
      parts.push(`| ${lie.threat} | ${cell(lie.says)} | ${cell(answerOf(lie))} |`);
    }
    parts.push("");
  }
  return parts.join("\n");
}

function answerOf(lie: Lie): string {
  const { facts = {}, lasting, later = [], laterFacts = {}, remark, scene, told } = lie;
  const parts = told.map(inWords);
  const changed = Object.entries(facts).map(
    ([name, value]) => `${name}: ${value} (honest: ${scene.honest[name]})`,
  );
  if (told.length === 0 && changed.length === 0) parts.push("no effect");
  if (changed.length > 0) parts.push(changed.join(", "));
  if (remark !== undefined) parts.push(remark);
  const afterwards = [
    ...later.map(inWords),
    ...Object.entries(laterFacts).map(([name, value]) => `${name}: ${value}`),
  ];
  if (afterwards.length > 0) parts.push(`next time: ${afterwards.join("; ")}`);
  if (lasting !== undefined) parts.push(`lasting: ${lasting}`);
  return parts.join("<br>");
}

const inWords = ({ how, code, text }: Told): string => `${how} \`${code}\`: ${text}`;
