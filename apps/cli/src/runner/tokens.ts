import { parseArgs } from "node:util";
import { MeshError } from "@claudemesh/protocol/light";
import type { Field } from "./field.ts";
import { shortFlags } from "./globals.ts";

/** One flag as it was typed. */
export interface TypedFlag {
  readonly flag: string;
  /** as typed, dashes included */
  readonly raw: string;
  readonly value: string | undefined;
  readonly inline: boolean;
}

export interface Word {
  readonly text: string;
  readonly index: number;
}

export interface Tokens {
  readonly flags: readonly TypedFlag[];
  readonly words: readonly Word[];
}

/** no bundle of one-letter flags is longer; Node's parser takes time and stack for each of its letters */
const bundleMost = 32;

/** Throws `malformed` for a word with one dash that cannot be a flag, such as a text that begins with one. */
function requireFlags(argv: readonly string[]): void {
  const end = argv.indexOf("--");
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    if (word.length <= bundleMost || !/^-[^-]/.test(word)) continue;
    throw new MeshError("malformed", `${word.slice(0, bundleMost)}…: not a flag`, {
      hint: "put -- before a text that begins with a dash",
    });
  }
}

/** Splits a command line; which flags take a value comes from `fields`. Unknown flags are kept, for the caller to name. */
export function tokenize(argv: readonly string[], fields: readonly Field[]): Tokens {
  requireFlags(argv);
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {};
  for (const { flag, kind } of fields) {
    options[flag] = { type: kind === "boolean" ? "boolean" : "string" };
  }
  for (const [short, name] of Object.entries(shortFlags)) {
    const option = options[name];
    if (option) option.short = short;
  }
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: TypedFlag[] = [];
  const words: Word[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push({ text: token.value, index: token.index });
    if (token.kind !== "option") continue;
    flags.push({
      flag: token.name,
      raw: token.rawName,
      value: token.value,
      inline: token.inlineValue === true,
    });
  }
  return { flags, words };
}
