import { styleText } from "node:util";
import type { Host, Out } from "../host.ts";

/** What a word is, never how it looks; colour only repeats what word and place say. */
export type Role = "good" | "bad" | "warn" | "strong" | "dim" | "link";

const formats = {
  good: "green",
  bad: "red",
  warn: "yellow",
  strong: "bold",
  dim: "dim",
  link: "cyan",
} as const satisfies Record<Role, string>;

const unicodeIcons = {
  ok: "✓",
  bad: "✗",
  warn: "⚠",
  wait: "…",
  on: "●",
  off: "○",
  again: "↻",
  to: "→",
  cut: "…",
  dash: "–",
} as const;

const asciiIcons: Record<keyof typeof unicodeIcons, string> = {
  ok: "+",
  bad: "x",
  warn: "!",
  wait: ".",
  on: "*",
  off: "o",
  again: "~",
  to: "->",
  cut: "...",
  dash: "-",
};

export interface Terminal {
  readonly columns: number;
  readonly icons: Readonly<Record<keyof typeof unicodeIcons, string>>;
  readonly paint: (role: Role, text: string) => string;
}

/** What can be shown on `out`: 80 columns unless the terminal says otherwise, colour by NO_COLOR, FORCE_COLOR and `allowColor`. */
export function terminalOf(host: Host, out: Out, allowColor: boolean): Terminal {
  const color = allowColor && wantsColor(host.env, out.isTTY === true);
  return {
    columns: columnsOf(host, out),
    icons: speaksUnicode(host) ? unicodeIcons : asciiIcons,
    paint: (role, text) =>
      color ? styleText(formats[role], text, { validateStream: false }) : text,
  };
}

function columnsOf({ env }: Host, out: Out): number {
  const given = out.columns ?? Number.parseInt(env.COLUMNS ?? "", 10);
  return Number.isInteger(given) && given >= 40 ? Math.min(given, 200) : 80;
}

/** FORCE_COLOR wins over NO_COLOR, as in Node itself; an empty variable says nothing. */
function wantsColor(env: Host["env"], isTerminal: boolean): boolean {
  const force = env.FORCE_COLOR;
  if (force) return force !== "0" && force !== "false";
  if (env.NO_COLOR || env.TERM === "dumb") return false;
  return isTerminal;
}

function speaksUnicode({ env, platform }: Host): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  if (!locale) return platform === "darwin" || Boolean(env.WT_SESSION);
  return /utf-?8/i.test(locale);
}
