import { constants } from "node:os";

/** Says what is wrong with the arguments, and ends. */
export function fail(message: string): never {
  console.error(message);
  process.exit(3);
}

/** Aborted by the first signal that asks the process to end, which is then its exit code. */
export function untilAskedToEnd(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      process.exitCode = 128 + constants.signals[signal];
      ending.abort(new Error(`ended by ${signal}`));
    });
  }
  return ending.signal;
}

/** Prints what goes on with the seconds since the start, on stderr. */
export function timedProgress(): (line: string) => void {
  const start = performance.now();
  return (line) => {
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    process.stderr.write(`${seconds.padStart(7)} s  ${line}\n`);
  };
}
