/**
 * A transcript is a text file of steps:
 *
 *   # a comment
 *   @broker alice                 starts a broker as alice (`up --json`), binding {url}, {port}, {slug}, {meshId}, {link}, {code}
 *   @team alice bob carol         has bob and carol join alice's mesh by one link, each from a home of their own
 *   @stop                         ends it, as Ctrl-C does; @broker starts it again on the same data folder
 *   @damage alice identity.json   overwrites a file of alice's home with half of it
 *   @only on | off | both         what follows is played with daemons, without, or either way
 *   alice$ claudemesh list        a shell line of alice's, with {variables} filled in
 *   | a line of standard output
 *   ! a line of standard error
 *   = 3                           the exit code, 0 when absent
 *
 * In expected lines `{kind}` matches something that varies and `{name=kind}` also binds it; `{...}` is anything at all.
 */
/** With daemons, or without. */
export type Mode = "off" | "on";

export type Step =
  | {
      readonly does: "direct";
      readonly line: number;
      readonly only: Mode | undefined;
      readonly words: readonly string[];
    }
  | {
      readonly does: "run";
      readonly line: number;
      readonly only: Mode | undefined;
      readonly person: string;
      readonly command: string;
      readonly stdout: readonly string[];
      readonly stderr: readonly string[];
      readonly exit: number;
    };

const kinds: Readonly<Record<string, string>> = {
  "...": ".*",
  age: "just now|\\d+ (?:s|min|h|d) ago|in \\d+ (?:s|min|h|d)",
  hex8: "[0-9a-f]{8}",
  job: "job_[0-9a-f-]{36}",
  file: "fil_[0-9a-f-]{36}",
  invite: "inv_[0-9a-f-]{36}",
  key: "[0-9a-f]{16}",
  link: "http://127\\.0\\.0\\.1:\\d+/i/inv_[0-9a-f-]{36}#[0-9A-Za-z]{16}",
  mbr: "mbr_[0-9a-f]{64}",
  mesh: "mesh_[0-9a-f]{64}",
  ms: "\\d+(?:\\.\\d)? ms",
  msg: "msg_[0-9a-f-]{36}",
  number: "\\d+",
  time: "\\d{13}",
  url: "http://127\\.0\\.0\\.1:\\d+",
  word: "\\S+",
};

/** Reads a transcript. Throws on a line that is none of the forms, naming its number. */
export function parseTranscript(text: string): readonly Step[] {
  const steps: Step[] = [];
  let only: Mode | undefined;
  let current: { stdout: string[]; stderr: string[]; exit: number } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const run = /^(\w+)\$ (.+)$/.exec(line);
    if (line === "" || line.startsWith("#")) continue;
    if (/^@only (?:on|off|both)$/.test(line)) {
      const mode = line.slice("@only ".length);
      only = mode === "on" || mode === "off" ? mode : undefined;
    } else if (line.startsWith("@")) {
      steps.push({ does: "direct", line: index + 1, only, words: line.slice(1).split(" ") });
    } else if (run) {
      const step = { stdout: [], stderr: [], exit: 0 };
      current = step;
      steps.push({
        does: "run",
        line: index + 1,
        only,
        person: run[1] ?? "",
        command: run[2] ?? "",
        ...{ stdout: step.stdout, stderr: step.stderr },
        get exit() {
          return step.exit;
        },
      });
    } else if (current && /^[|!](?: |$)/.test(line)) {
      current[line[0] === "|" ? "stdout" : "stderr"].push(line.slice(2));
    } else if (current && /^= \d+$/.test(line)) {
      current.exit = Number(line.slice(2));
    } else {
      throw new Error(`line ${index + 1} is no step: ${line}`);
    }
  }
  return steps;
}

/** `{name}` replaced by what is bound. */
export const fill = (text: string, bound: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => bound.get(name) ?? whole);

/** Compares lines with a pattern; binds what the pattern names. Answers what differs, or undefined. */
export function mismatch(
  expected: readonly string[],
  actual: string,
  bound: Map<string, string>,
): string | undefined {
  const lines = actual === "" ? [] : actual.replace(/\n$/, "").split("\n");
  if (lines.length !== expected.length) {
    return `expected ${expected.length} lines, got ${lines.length}:\n${actual}`;
  }
  for (const [index, pattern] of expected.entries()) {
    const names: string[] = [];
    const line = lines[index] ?? "";
    const found = new RegExp(`^${patternOf(pattern, bound, names)}$`).exec(line);
    if (!found) return `line ${index + 1}\nexpected: ${fill(pattern, bound)}\nactual:   ${line}`;
    for (const [at, name] of names.entries()) bound.set(name, found[at + 1] ?? "");
  }
  return undefined;
}

function patternOf(text: string, bound: ReadonlyMap<string, string>, names: string[]): string {
  return text
    .split(/(\{(?:\w+=)?(?:\w+|\.\.\.)\})/)
    .map((part, index) => {
      const [, name, kind = ""] = /^\{(?:(\w+)=)?(\w+|\.\.\.)\}$/.exec(part) ?? [];
      const known = bound.get(kind);
      if (index % 2 === 0) return escaped(part);
      if (known !== undefined && name === undefined) return escaped(known);
      const pattern = kinds[kind];
      if (pattern === undefined) throw new Error(`nothing is bound to ${part}, and it is no kind`);
      if (name === undefined) return `(?:${pattern})`;
      names.push(name);
      return `(${pattern})`;
    })
    .join("");
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
