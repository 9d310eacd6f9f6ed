import { MeshError } from "@claudemesh/protocol/light";
import { nearest } from "./distance.ts";
import type { Field } from "./field.ts";
import { type Globals, globalFields } from "./globals.ts";
import { shellWord } from "./shell-word.ts";
import { type TypedFlag, tokenize } from "./tokens.ts";
import { fieldExample, usageExample } from "./usage-example.ts";
import { shownAs, type Verb } from "./verb.ts";

export interface ReadLine {
  readonly globals: Globals;
  /** values by field name, not yet validated by the operation's own schema */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Reads a verb's flags and arguments. Throws `malformed`, naming the argument and showing an example. */
export function readInput(verb: Verb, argv: readonly string[], call: string): ReadLine {
  const fields = [
    ...verb.fields,
    ...globalFields.filter(({ flag }) => !verb.fields.some((own) => own.flag === flag)),
  ];
  const { flags, words } = tokenize(argv, fields);
  const example = usageExample(verb, call);
  const values = new Map<string, unknown>();
  for (const typed of flags) {
    const negated = typed.flag.startsWith("no-") ? typed.flag.slice(3) : undefined;
    const field = fields.find(({ flag }) => flag === typed.flag);
    const off = fields.find(({ flag, kind }) => flag === negated && kind === "boolean");
    if (field) values.set(field.flag, readValue(field, typed, values.get(field.flag), verb, call));
    else if (off && !typed.inline) values.set(off.flag, false);
    else throw unknownFlag(typed, fields, verb, argv, call);
  }
  const globals = readGlobals(values);
  if (globals.help || globals.version || globals.schemaVersion) return { globals, input: {} };
  const input: Record<string, unknown> = {};
  for (const { name, flag } of verb.fields) {
    if (values.has(flag)) input[name] = values.get(flag);
  }
  placeWords(
    verb,
    words.map(({ text }) => text),
    input,
    example,
  );
  refuseForeign(verb, globals, call);
  return { globals, input };
}

function readValue(
  field: Field,
  typed: TypedFlag,
  earlier: unknown,
  verb: Verb,
  call: string,
): unknown {
  if (field.kind === "boolean") {
    if (!typed.inline || field.flag === "json") return typed.inline ? typed.value : true;
    if (typed.value === "true" || typed.value === "false") return typed.value === "true";
    throw new MeshError("malformed", `${typed.raw} is on or off: it takes true, false or nothing`);
  }
  const value = typed.value;
  if (value === undefined || (!typed.inline && /^-./.test(value))) {
    throw new MeshError("malformed", `${typed.raw} needs a value`, {
      hint: `for example: ${call} ${shownAs(verb)} ${fieldExample(field)}`,
    });
  }
  if (field.kind === "list") {
    const items = value.split(",").map((item) => item.trim());
    const list = [...((earlier as readonly string[] | undefined) ?? []), ...items].filter(Boolean);
    for (const item of list) checkChoice(field, item, typed.raw);
    return list;
  }
  if (field.kind === "number") {
    if (/^-?\d{1,15}(\.\d+)?$/.test(value)) return Number(value);
    throw new MeshError("malformed", `${typed.raw} needs a number, not "${value}"`, {
      hint: `for example: ${call} ${shownAs(verb)} ${fieldExample(field)}`,
    });
  }
  checkChoice(field, value, typed.raw);
  return value;
}

function checkChoice(field: Field, value: string, raw: string): void {
  if (!field.choices || field.choices.includes(value)) return;
  const near = nearest(value, field.choices);
  throw new MeshError("malformed", `${raw} is one of ${field.choices.join(", ")}, not "${value}"`, {
    ...(near ? { hint: `did you mean: ${raw} ${near}` } : {}),
  });
}

function unknownFlag(
  typed: TypedFlag,
  fields: readonly Field[],
  verb: Verb,
  argv: readonly string[],
  call: string,
): MeshError {
  const name = shownAs(verb);
  const file = `${typed.flag}-file`;
  // What was typed is a secret, and is not repeated.
  if (fields.some(({ flag }) => flag === file)) {
    return new MeshError("malformed", `${typed.raw} would show a secret to who lists processes`, {
      hint: `put it into a file of your own: --${file} <path>`,
    });
  }
  const near = nearest(
    typed.flag,
    fields.map(({ flag }) => flag),
  );
  if (near) {
    const line = argv.map((word) =>
      word === typed.raw || word.startsWith(`${typed.raw}=`)
        ? `--${near}${word.slice(typed.raw.length)}`
        : word,
    );
    return new MeshError("malformed", `${name} has no flag ${typed.raw}`, {
      hint: `did you mean: ${[call, name, ...line.map(shellWord)].join(" ")}`,
    });
  }
  if (argv.length > 0 && argv[0]?.startsWith("-") && name === "help") {
    return new MeshError("malformed", `there is no flag ${typed.raw}`, {
      hint: `see what there is: ${call} help`,
    });
  }
  const rest = verb.args.some((arg) => arg.rest);
  return new MeshError("malformed", `${name} has no flag ${typed.raw}`, {
    hint: rest
      ? `put -- before text that begins with a dash, or see: ${call} ${name} --help`
      : `see: ${call} ${name} --help`,
  });
}

function placeWords(
  verb: Verb,
  words: readonly string[],
  input: Record<string, unknown>,
  example: string,
): void {
  const left = [...words];
  for (const { field, rest } of verb.args) {
    if (input[field] !== undefined) continue;
    const taken = rest ? left.splice(0) : left.splice(0, 1);
    if (taken.length === 0) continue;
    const text = taken.join(" ");
    const isSwitch = verb.fields.find(({ name }) => name === field)?.kind === "boolean";
    input[field] = isSwitch ? onOrOff(field, text, example) : text;
  }
  if (left.length > 0) {
    const what =
      verb.reads === undefined
        ? `takes no argument "${left[0]}"`
        : `takes no ${verb.reads} as an argument: it is read from standard input, or asked for`;
    throw new MeshError("malformed", `${shownAs(verb)} ${what}`, {
      hint: `for example: ${example}`,
    });
  }
  const missing = verb.fields.find(
    ({ mayBeEmpty, name, required }) =>
      required && (input[name] === undefined || (input[name] === "" && !mayBeEmpty)),
  );
  if (!missing) return;
  throw new MeshError(
    "malformed",
    `${shownAs(verb)} needs <${missing.flag}>: ${missing.description}`,
    {
      hint: `for example: ${example}`,
      detail: { field: missing.name },
    },
  );
}

function onOrOff(field: string, text: string, example: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new MeshError("malformed", `${field} is true or false, not "${text}"`, {
    hint: `for example: ${example}`,
  });
}

function readGlobals(values: ReadonlyMap<string, unknown>): Globals {
  const on = (flag: string): boolean => values.get(flag) === true;
  const text = (flag: string): string | undefined => values.get(flag) as string | undefined;
  const json = values.get("json");
  const project =
    typeof json === "string"
      ? json
          .split(",")
          .map((path) => path.trim())
          .filter(Boolean)
      : undefined;
  if (project?.length === 0) {
    throw new MeshError("malformed", "--json= names no field; use --json for the whole record");
  }
  const mesh = text("mesh");
  const broker = text("broker");
  return {
    ...(mesh === undefined ? {} : { mesh }),
    ...(broker === undefined ? {} : { broker }),
    ...(project ? { project } : {}),
    json: json === true || project !== undefined,
    stream: values.get("output-format") !== undefined,
    yes: on("yes"),
    quiet: on("quiet"),
    verbose: on("verbose"),
    color: !on("no-color"),
    daemon: !on("no-daemon"),
    help: on("help"),
    version: on("version"),
    schemaVersion: on("schema-version"),
  };
}

/** `--mesh` and `--broker` are accepted by every parser, but doing nothing with one would be a lie. */
function refuseForeign(verb: Verb, globals: Globals, call: string): void {
  for (const name of ["mesh", "broker"] as const) {
    if (globals[name] === undefined || verb.fields.some((field) => field.name === name)) continue;
    throw new MeshError("malformed", `${shownAs(verb)} does not take --${name}`, {
      hint: `see: ${call} ${shownAs(verb)} --help`,
    });
  }
}
