import type { EdgeOpName, ErrorCode } from "@claudemesh/protocol";
import type { Accepted } from "./accepts.ts";
import type { Field } from "./field.ts";

/** The verbs that are no operation. */
export type LocalName =
  | "audit-check"
  | "audit-export"
  | "backup"
  | "broker-backup"
  | "broker-check"
  | "broker-erase"
  | "broker-export"
  | "broker-migrate"
  | "broker-migrate-store"
  | "broker-restore"
  | "broker-start"
  | "broker-vacuum"
  | "daemon-install-service"
  | "daemon-logs"
  | "daemon-restart"
  | "daemon-run"
  | "daemon-start"
  | "daemon-status"
  | "daemon-stop"
  | "daemon-uninstall-service"
  | "device-link"
  | "doctor"
  | "help"
  | "hook"
  | "install"
  | "launch"
  | "mcp"
  | "restore"
  | "status-line"
  | "skill-publish"
  | "stream-subscribe"
  | "uninstall"
  | "up"
  | "vault-set"
  | "whoami";

/** One positional argument; `rest` takes what is left of the line. */
export interface Arg {
  readonly field: string;
  readonly rest: boolean;
}

/** One thing that can be typed after `claudemesh`: an operation or a local verb. */
export interface Verb {
  /** the resource form, such as `message send`; a local verb's own words */
  readonly words: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly args: readonly Arg[];
  readonly fields: readonly Field[];
  readonly errors: readonly ErrorCode[];
  readonly primary?: number;
  /** what follows its words in the example that help shows */
  readonly example?: string;
  /** a secret that is read from standard input or asked for: what is typed in its place is not repeated */
  readonly reads?: string;
  /** whose exit code it is when the answer's `ok` is false */
  readonly failsAs?: ErrorCode;
  /** asked again with the answer's `seq` as `after`, until it is stopped */
  readonly live?: true;
  /** fields that are paths on this machine, from where the verb is typed */
  readonly here?: readonly string[];
  /** the field whose value is typed to confirm */
  readonly confirm?: string;
  /** what is asked at a terminal before it is done */
  readonly asks?: string;
  /** what follows `--` goes to another program, word for word */
  readonly passesOn?: boolean;
  /** what help says of its flags together */
  readonly note?: string;
  readonly does: { readonly op: EdgeOpName } | { readonly local: LocalName };
}

/** A verb that an operation's declaration gives. */
export interface OperationVerb extends Verb {
  readonly does: { readonly op: EdgeOpName };
  /** what its input must look like */
  readonly accepts: Accepted;
  /** the names of its answer's fields, and of those of a list's items */
  readonly prints: { readonly own: readonly string[]; readonly items: readonly string[] };
}

/** The spelling that help shows first: the daily one of one word where there is one. */
export const shownAs = (verb: Verb): string =>
  verb.aliases.find((alias) => !alias.includes(" ")) ?? verb.words;

/** `<to> <text...>`: how the positional arguments read in help. */
export const argsLine = (verb: Verb): string =>
  verb.args
    .map(({ field, rest }) => {
      const spec = verb.fields.find(({ name }) => name === field);
      const text = `<${spec?.flag ?? field}${rest ? "..." : ""}>`;
      return spec?.required === false ? `[${text.slice(1, -1)}]` : text;
    })
    .join(" ");

/** Fields given by flag in help: what is not positional. */
export const flagFields = (verb: Verb): readonly Field[] =>
  verb.fields.filter(({ name }) => !verb.args.some(({ field }) => field === name));
