import type { OpenOutput } from "@claudemesh/protocol";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { type PrintContext, shortId } from "./printed.ts";

/** To the minute, in this machine's zone. */
export const timeOf = (at: number): string => {
  const time = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
};

/** What is said of everything that a broker says by itself. */
export const readable = "the broker says it by itself, unsigned, and can read it";

interface Standing {
  readonly fails: number;
  readonly stopped?: string | undefined;
  readonly last?: { readonly at: number; readonly said: string } | undefined;
}

/** How a job is doing. */
export const standing = ({ fails, last, stopped }: Standing, now: number): string => {
  if (stopped !== undefined) return `stopped: ${cleanLine(stopped)}`;
  if (last === undefined) return "not yet";
  const failed = fails === 0 ? "" : `failed ${fails}×: `;
  return `${failed}${cleanLine(last.said)} ${age(last.at, now)}`;
};

/** Columns of which the id and the times are never cut. */
export const titled = (titles: readonly string[]) =>
  titles.map((title) => ({ title, flexible: title !== "id" && title !== "next" }));

/** That a job is taken away. */
export const printGone = ({ id }: OpenOutput<"schedule.cancel">, { terminal }: PrintContext) => ({
  lines: [`${terminal.paint("good", terminal.icons.ok)} ${shortId(id)} is gone.`],
});
