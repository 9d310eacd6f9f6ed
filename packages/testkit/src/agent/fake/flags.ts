import { parseArgs } from "node:util";

export interface Flags {
  readonly print: boolean;
  readonly session: string | undefined;
  readonly settings: string | undefined;
  readonly permissionMode: string;
  readonly plugins: readonly string[];
  readonly allowed: readonly string[];
}

/** The flags of the real program that the harness uses. Throws on any other: the fake knows no more. */
export function parseFlags(args: readonly string[]): Flags {
  // The last flag takes every word after it, as the real one's does.
  const at = args.indexOf("--allowedTools");
  const before = at === -1 ? args : args.slice(0, at);
  const { values } = parseArgs({
    args: [...before],
    options: {
      print: { type: "boolean", short: "p", default: false },
      verbose: { type: "boolean" },
      "input-format": { type: "string" },
      "output-format": { type: "string" },
      "session-id": { type: "string" },
      settings: { type: "string" },
      "permission-mode": { type: "string", default: "default" },
      "plugin-dir": { type: "string", multiple: true, default: [] },
    },
  });
  return {
    print: values.print,
    session: values["session-id"],
    settings: values.settings,
    permissionMode: values["permission-mode"],
    plugins: values["plugin-dir"],
    allowed: at === -1 ? [] : args.slice(at + 1),
  };
}
