import type { BigIntStats } from "node:fs";

/** Tells one state of a file from another: which file, how long, and when it was written last. */
export const stampOf = ({ dev, ino, size, mtimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs].join(" ");
