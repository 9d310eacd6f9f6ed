import type { AnyOp } from "../op.ts";

/** The words that name an operation after the program's name: its daily spelling where it has one, such as `send`. */
export const commandWords = (declared: AnyOp): string =>
  declared.cli?.alias?.[0] ?? declared.name.replaceAll("_", "-").replaceAll(".", " ");

/** How an operation is typed: its words and its positional arguments, such as `send <to> <text...>`. */
export const commandLine = (declared: AnyOp): string =>
  [commandWords(declared), ...(declared.cli?.args ?? []).map((name) => `<${name}>`)].join(" ");
