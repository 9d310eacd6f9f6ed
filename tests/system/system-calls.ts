/** One finished call of a traced process, at the moment at which it returned. */
export interface SystemCall {
  readonly name: string;
  /** everything between the parentheses, as the tracer wrote it; file descriptors with their paths */
  readonly args: string;
  readonly result: number;
  /** the order in which calls began and returned, over all threads */
  readonly began: number;
  readonly returned: number;
}

const begun = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/;
const resumed = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)/;
const whole = /^(\d+) +(\w+)\((.*)\) += (-?\d+)/;

/** Reads what `strace -f -y` wrote; calls that never returned are left out. */
export function readTrace(text: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<string, { name: string; args: string; began: number }>();
  for (const [at, line] of text.split("\n").entries()) {
    const start = begun.exec(line);
    if (start) {
      const [, thread = "", name = "", args = ""] = start;
      open.set(thread, { name, args, began: at });
      continue;
    }
    const end = resumed.exec(line);
    if (end) {
      const [, thread = "", name = "", rest = "", result] = end;
      const first = open.get(thread);
      if (first?.name === name) {
        const args = first.args + rest;
        calls.push({ name, args, result: Number(result), began: first.began, returned: at });
      }
      continue;
    }
    const [, , name = "", args = "", result] = whole.exec(line) ?? [];
    if (name !== "") calls.push({ name, args, result: Number(result), began: at, returned: at });
  }
  return calls;
}

const isWrite = ({ name }: SystemCall) => /^(?:write|writev|sendto|sendmsg|pwrite64)$/.test(name);

/** A call's file, as `-y` shows it behind the descriptor. */
const isOn = ({ args }: SystemCall, file: string) =>
  /^\d+<([^>]*)>/.exec(args)?.[1]?.endsWith(file);

export interface Telling {
  /** words of what was told, as they stand in the write that told it */
  readonly told: string;
  /** the file whose last write before the telling must have been synced in between */
  readonly file: string;
  /** words of what must be in that file before; left out where its writes cannot be read */
  readonly stored?: string;
}

/** Why a telling came too early; undefined when what it tells was on stable storage before its write began. */
export function toldTooEarly(calls: readonly SystemCall[], one: Telling): string | undefined {
  const { told, file, stored } = one;
  const telling = calls.find((call) => {
    return (
      isWrite(call) && !isOn(call, ".db-wal") && !isOn(call, ".db") && call.args.includes(told)
    );
  });
  if (telling === undefined) return `nothing tells ${told}`;
  const written = calls.filter((call) => {
    const isBefore = call.returned < telling.began && call.result > 0;
    const isWanted = stored === undefined || call.args.includes(stored);
    return isBefore && isWanted && call.name === "pwrite64" && isOn(call, file);
  });
  const first = stored === undefined ? written.at(-1) : written[0];
  if (first === undefined) return `${file} was not written before ${told} was told`;
  const synced = calls.some(({ name, result, began, returned, ...rest }) => {
    const isSync = (name === "fdatasync" || name === "fsync") && result === 0;
    const isBetween = began > first.returned && returned < telling.began;
    return isSync && isBetween && isOn({ name, result, began, returned, ...rest }, file);
  });
  return synced ? undefined : `${file} was not synced before ${told} was told`;
}
