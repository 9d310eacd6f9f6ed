import type { Host } from "../host.ts";
import { loadLocal } from "../local/load.ts";
import { isBrokenPipe } from "../terminal/output.ts";
import { readInput } from "./read-input.ts";
import { report } from "./report.ts";
import { resolve } from "./resolve.ts";
import { runOperation } from "./run-operation.ts";
import { Session } from "./session.ts";
import type { Verb } from "./verb.ts";
import { spellings, verbOf } from "./verbs.ts";

/** Resolves, reads and runs one command line; prints its error; answers the exit code. */
export async function runLine(argv: readonly string[], host: Host): Promise<number> {
  const seen: { verb?: Verb; meshes?: number } = {};
  try {
    return await run(argv, host, seen);
  } catch (thrown) {
    if (isBrokenPipe(thrown)) return 0;
    return report(thrown, argv, host, seen);
  }
}

async function run(
  argv: readonly string[],
  host: Host,
  seen: { verb?: Verb; meshes?: number },
): Promise<number> {
  const found = resolve(argv, host.call);
  const help = spellings.get("help");
  if (!help) throw new Error("the verb help is not declared");
  const bare = spellings.get("launch");
  if (found.kind === "nothing" && bare !== undefined && mayBegin(argv, host)) {
    return runLocal(
      bare,
      { isBare: true },
      new Session(host, readInput(bare, [], host.call).globals),
    );
  }
  const verb = found.kind === "verb" ? found.verb : help;
  const rest = found.kind === "verb" ? found.rest : argv;
  seen.verb = verb;
  const { own, passedOn } = split(verb, rest);
  const { globals, input } = readInput(verb, own, host.call);
  const session = new Session(host, globals, passedOn);
  if (globals.version) await session.printVersion();
  else if (globals.schemaVersion) await session.printSchemaVersion();
  else if (globals.help || found.kind === "noun") {
    const asked = found.kind === "noun" ? found.noun : found.kind === "verb" ? verb.words : "";
    await runLocal(help, { verb: asked }, session);
  } else if ("local" in verb.does) {
    return runLocal(verb, input, session);
  } else {
    return runOperation(verbOf(verb.does.op), input, session, seen);
  }
  return 0;
}

async function runLocal(
  verb: Verb,
  input: Readonly<Record<string, unknown>>,
  session: Session,
): Promise<number> {
  if (!("local" in verb.does)) return 0;
  const runIt = await loadLocal(verb.does.local);
  const exit = await runIt(input, session);
  return typeof exit === "number" ? exit : 0;
}

/** Bare `claudemesh` begins: only at a terminal, since a program that calls it so wants to know what there is. */
const mayBegin = (argv: readonly string[], { stdin, stdout, env }: Host): boolean =>
  argv.length === 0 && stdin.isTTY === true && stdout.isTTY === true && !env.CI;

/** What a verb reads itself, and what it passes on word for word. */
function split(verb: Verb, argv: readonly string[]) {
  const end = verb.passesOn === true ? argv.indexOf("--") : -1;
  return end < 0
    ? { own: argv, passedOn: [] }
    : { own: argv.slice(0, end), passedOn: argv.slice(end + 1) };
}
