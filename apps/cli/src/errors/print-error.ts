import type { MeshError } from "@claudemesh/protocol";
import { flagFields, type Verb } from "../runner/verb.ts";
import { cleanText } from "../terminal/clean.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { wrap } from "../terminal/width.ts";
import { type ErrorContext, hintFor } from "./hints.ts";

/** The error as one JSON line: the only thing on standard error. */
export function errorJson(error: MeshError, context: ErrorContext): string {
  const hint = hintFor(error, context);
  const body = error.toBody();
  return `${JSON.stringify({ error: hint === undefined ? body : { ...body, hint } })}\n`;
}

/** Where only the operator's log knows the cause, the id by which it is found there. */
const inLog = ({ code, requestId }: MeshError): string =>
  code === "internal" && requestId ? ` (request ${requestId})` : "";

/** A field that is given by a flag is named by it, as it was or would be typed. */
function asTyped(message: string, verb: Verb | undefined): string {
  const [field] = /^\w+(?=: )/.exec(message) ?? [];
  const flag = verb && flagFields(verb).find(({ name }) => name === field)?.flag;
  return flag === undefined ? message : `--${flag}${message.slice(field?.length)}`;
}

/** The error as a person reads it: what and why, then the next command. */
export function errorText(error: MeshError, context: ErrorContext, terminal: Terminal): string {
  const hint = hintFor(error, context);
  const what = `error: ${cleanText(asTyped(error.message, context.verb))}${inLog(error)}`;
  const [first = "", ...more] = wrap(what, terminal.columns);
  const lines = [first.replace("error:", terminal.paint("bad", "error:")), ...more];
  if (hint !== undefined) {
    const [head = "", ...tail] = cleanText(hint).split("\n");
    lines.push(`${terminal.paint("warn", "hint:")} ${head}`, ...tail);
  }
  return `${lines.join("\n")}\n`;
}

/** The cause of an unexpected error, for `--verbose`. */
export const causeText = (error: MeshError): string =>
  error.cause instanceof Error ? `${error.cause.stack ?? error.cause.message}\n` : "";
