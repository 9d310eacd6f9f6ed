import { dieAtOnce } from "../faults/failpoints.ts";

/** Ends this process when the one that started it is gone, which closes its standard input. */
export function endWithParent(): void {
  process.stdin.on("end", dieAtOnce).on("error", dieAtOnce).resume();
}
