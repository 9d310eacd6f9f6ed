import { execFile } from "node:child_process";

/** Runs a program of the system; answers why it failed, or undefined when it did not. */
export const runCommand = ([program, ...args]: readonly [string, ...string[]]): Promise<
  string | undefined
> =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve(stderr.trim().split("\n")[0] || error.message);
    });
  });
