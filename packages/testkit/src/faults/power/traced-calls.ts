/** A system call of a traced program with the bytes it was given, placed by the lines of the trace at which it began and returned. */
export interface TracedCall {
  readonly name: string;
  readonly began: number;
  /** infinite for one that never returned */
  readonly returned: number;
  readonly result: number;
  /** the first argument's path, where it is an open file */
  readonly file: string;
  /** every text argument, in order */
  readonly texts: readonly Buffer[];
  /** the arguments with texts and paths taken out */
  readonly rest: string;
}

/** How strace has to be told to write a trace that `readCalls` reads; the file's name follows. */
export const tracing: readonly string[] = [
  ...["-D", "-f", "-y", "-xx", "-s", "1000000", "-e", "signal=none", "-e"],
  `trace=${[
    ...["openat", "open", "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2"],
    ...["link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "rmdir"],
    ...["write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg"],
    ...["copy_file_range", "ftruncate", "truncate", "fallocate", "fsync", "fdatasync"],
  ].join(",")}`,
  "-o",
];

const begun = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/;
const resumed = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)/;
const whole = /^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)/;

/** Reads a trace written as `tracing` says, in the order in which the calls returned. */
export function readCalls(trace: string): TracedCall[] {
  const calls: TracedCall[] = [];
  const open = new Map<string, { name: string; args: string; began: number }>();
  for (const [at, line] of trace.split("\n").entries()) {
    const start = begun.exec(line);
    if (start) {
      const [, thread = "", name = "", args = ""] = start;
      open.set(thread, { name, args, began: at });
      continue;
    }
    const end = resumed.exec(line);
    if (end) {
      const [, thread = "", , rest = "", result = "?"] = end;
      const first = open.get(thread);
      open.delete(thread);
      if (first) calls.push(callOf(first.name, first.args + rest, first.began, at, result));
      continue;
    }
    const [, , name = "", args = "", result = "?"] = whole.exec(line) ?? [];
    if (name !== "") calls.push(callOf(name, args, at, at, result));
  }
  for (const { name, args, began } of open.values()) {
    calls.push(callOf(name, args, began, Number.POSITIVE_INFINITY, "?"));
  }
  return calls;
}

function callOf(name: string, args: string, began: number, at: number, result: string): TracedCall {
  const texts = Array.from(args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g), ([, text = ""]) =>
    unhex(text),
  );
  const file = /^[\w-]+<([^>]*)>/.exec(args)?.[1] ?? "";
  return {
    name,
    began,
    returned: result === "?" ? Number.POSITIVE_INFINITY : at,
    result: result === "?" ? -1 : Number(result),
    file: unhex(file).toString(),
    texts,
    rest: args.replaceAll(/"[^"]*"|<[^>]*>/g, ""),
  };
}

const unhex = (text: string): Buffer => Buffer.from(text.replaceAll("\\x", ""), "hex");
