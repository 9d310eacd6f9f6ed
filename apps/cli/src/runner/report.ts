import { asMeshError } from "../errors/as-mesh-error.ts";
import type { ErrorContext } from "../errors/hints.ts";
import { causeText, errorJson, errorText } from "../errors/print-error.ts";
import type { Host } from "../host.ts";
import { write } from "../terminal/output.ts";
import { terminalOf } from "../terminal/terminal.ts";

/** Prints an error in the form that the command line asks for; answers the exit code. */
export async function report(
  thrown: unknown,
  argv: readonly string[],
  host: Host,
  seen: Pick<ErrorContext, "verb" | "meshes"> = {},
): Promise<number> {
  const error = asMeshError(thrown);
  const context: ErrorContext = { ...seen, call: host.call, argv, home: host.home };
  const { json, color, verbose } = manners(argv);
  const text = json
    ? errorJson(error, context)
    : errorText(error, context, terminalOf(host, host.stderr, color)) +
      (verbose ? causeText(error) : "");
  // Where nobody can be told, the exit code still says it.
  await write(host.stderr, text).catch(() => false);
  return error.row.exit;
}

/** What a command line says of its manners, known even when the rest of it cannot be read. */
function manners(argv: readonly string[]) {
  const end = argv.indexOf("--");
  const flags = end < 0 ? argv : argv.slice(0, end);
  return {
    json: flags.some((word) => word === "--json" || /^--(json=|output-format)/.test(word)),
    color: !flags.includes("--no-color"),
    verbose: flags.includes("--verbose") || flags.includes("-v"),
  };
}
