import type { Host } from "../host.ts";
import { loadLocal } from "../local/load.ts";
import { isBrokenPipe } from "../terminal/output.ts";
import { readInput } from "./read-input.ts";
import { report } from "./report.ts";
import { resolve } from "./resolve.ts";
import { Session } from "./session.ts";
import type { Verb } from "./verb.ts";
import { spellings } from "./verbs.ts";

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
  const verb = found.kind === "verb" ? found.verb : help;
  const rest = found.kind === "verb" ? found.rest : argv;
  seen.verb = verb;
  const { globals, input } = readInput(verb, rest, host.call);
  const session = new Session(host, globals);
  if (globals.version) await session.printVersion();
  else if (globals.schemaVersion) await session.printSchemaVersion();
  else if (globals.help || found.kind === "noun") {
    const asked = found.kind === "noun" ? found.noun : found.kind === "verb" ? verb.words : "";
    await runLocal(help, { verb: asked }, session);
  } else if ("local" in verb.does) {
    await runLocal(verb, input, session);
  } else {
    const { runOperation } = await import("./run-operation.ts");
    return runOperation(verb, verb.does.op, input, session, seen);
  }
  return 0;
}

async function runLocal(
  verb: Verb,
  input: Readonly<Record<string, unknown>>,
  session: Session,
): Promise<void> {
  if (!("local" in verb.does)) return;
  const runIt = await loadLocal(verb.does.local);
  await runIt(input, session);
}
