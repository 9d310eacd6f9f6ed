import { MeshError } from "@claudemesh/protocol/light";
import type { Host } from "../host.ts";
import { cleanLine } from "../terminal/clean.ts";
import type { Globals } from "./globals.ts";
import { shownAs, type Verb } from "./verb.ts";

/** Asks for the typed word before a loss, or for a yes before what is easily undone. Off a terminal, or with `--json`, nothing is asked: a loss without `--yes` is `malformed`. */
export async function confirm(
  verb: Verb,
  input: Readonly<Record<string, unknown>>,
  globals: Globals,
  host: Host,
): Promise<void> {
  if (verb.asks !== undefined) await requireYes(verb.asks, globals, host);
  if (verb.confirm === undefined) return;
  const word = String(input[verb.confirm] ?? "");
  await confirmWord({ name: shownAs(verb), word, what: verb.summary }, globals, host);
}

async function requireYes(question: string, globals: Globals, host: Host): Promise<void> {
  if (globals.yes || !canAsk(globals, host)) return;
  const typed = await ask(host, `${question} [y/N] `);
  if (/^y(es)?$/i.test(typed?.trim() ?? "")) return;
  throw new MeshError("cancelled", "not confirmed; nothing was changed");
}

/** Asks for `word` before `what` is done. Throws as `confirm` does. */
export async function confirmWord(
  asked: { readonly name: string; readonly word: string; readonly what: string },
  globals: Globals,
  host: Host,
): Promise<void> {
  if (globals.yes) return;
  const { name, word, what } = asked;
  if (!canAsk(globals, host)) {
    const line = word === name ? name : `${name} ${word}`;
    throw new MeshError(
      "malformed",
      `${name} cannot be undone and needs --yes when nobody can be asked`,
      { hint: `${host.call} ${line} --yes` },
    );
  }
  const typed = await ask(
    host,
    `${what}: this cannot be undone. Type ${cleanLine(word)} to go on: `,
  );
  if (typed?.trim() !== word)
    throw new MeshError("cancelled", "not confirmed; nothing was changed");
}

/** Whether somebody can be asked. */
export const canAsk = ({ json }: Pick<Globals, "json">, host: Host): boolean =>
  host.stdin.isTTY === true && host.stderr.isTTY === true && !json && !host.env.CI;

/** Where an operation says that something would be lost, asks for the word that it names, and answers the field by which it goes on. Throws the error itself where nobody can be asked. */
export async function confirmLoss(
  verb: Verb,
  error: unknown,
  globals: Globals,
  host: Host,
): Promise<Readonly<Record<string, true>>> {
  const asked = error instanceof MeshError ? error.detail?.confirm : undefined;
  if (asked === undefined || !(error instanceof MeshError)) throw error;
  const { field, word } = asked as { readonly field: string; readonly word: string };
  const what = error.message.replace(/^\w+: /, "");
  try {
    await confirmWord({ name: shownAs(verb), word, what }, globals, host);
  } catch (refused) {
    throw refused instanceof MeshError && refused.code === "malformed" ? error : refused;
  }
  return { [field]: true };
}

/** One line from the terminal; undefined at its end or at Ctrl-C. The terminal's modes are put back. */
export async function ask(host: Host, question: string): Promise<string | undefined> {
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: host.stdin, output: host.stderr, terminal: true });
  const stop = () => lines.close();
  host.signal.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(undefined));
      lines.once("SIGINT", stop);
      lines.setPrompt(question);
      lines.prompt();
    });
  } finally {
    host.signal.removeEventListener("abort", stop);
    lines.close();
  }
}
