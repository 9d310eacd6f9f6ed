import { writeSync } from "node:fs";

const moment = new Int32Array(new SharedArrayBuffer(4));

/** Prints a line before anything else happens, so that what was said before a kill was said; also where whoever reads is behind: its pipe is full then, and takes more a moment later. */
export function sayLine(line: string): void {
  let rest: Buffer = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(moment, 0, 0, 1);
    }
  }
}
