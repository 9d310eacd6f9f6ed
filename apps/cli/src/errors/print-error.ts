import type { MeshError } from "@claudemesh/protocol";
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

/** The error as a person reads it: what and why, then the next command. */
export function errorText(error: MeshError, context: ErrorContext, terminal: Terminal): string {
  const hint = hintFor(error, context);
  const what = `error: ${cleanText(error.message)}${inLog(error)}`;
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
