import { neutralise } from "./neutralise.ts";

const longest = 80;
/** What delimits the parts of a label, or could end an attribute. */
const delimiters = /[()[\]{}<>"'`|:\\#@\n\t]/gu;
/** What makes a line a command where a program reads it. */
const command = /^\s*[/!]+/u;

/** A name for a place in a label: one line, none of the label's own delimiters, at most 80 characters; `fallback` where nothing is left. */
export function labelled(name: string, fallback: string): string {
  const clean = neutralise(name.slice(0, 4 * longest))
    .replaceAll(delimiters, "·")
    .replace(command, "·")
    .replaceAll(/\s+/gu, " ")
    .trim();
  return [...clean].slice(0, longest).join("") || fallback;
}
