import { rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../json-file.ts";
import { readIfThere, replaceFile } from "../replace-file.ts";
import type { Snapshot } from "./record.ts";

/** Keeps the bytes of these files as they are now. */
export const snapshotsOf = (paths: readonly string[]): Snapshot[] =>
  paths.map((path) => ({ path, before: readIfThere(path)?.toString("base64") ?? null }));

/**
 * Puts the bytes back where a file says again what it said before: Claude Code writes its settings anew, in its own order and indentation. What somebody
 * changed meanwhile stays as it is.
 */
export function restoreBytes(snapshots: readonly Snapshot[]): void {
  for (const { path, before } of snapshots) {
    const now = readIfThere(path);
    if (now === undefined) continue;
    const old = before === null ? undefined : Buffer.from(before, "base64");
    if (old === undefined) {
      if (saysNothing(parsed(now))) rmSync(path);
    } else if (!now.equals(old) && isDeepStrictEqual(parsed(now), parsed(old))) {
      replaceFile(path, old);
    }
  }
}

/** Whether a file that was not there before holds nothing but empty shells and a format's version. */
const saysNothing = (value: unknown): boolean =>
  isObject(value) &&
  Object.entries(value).every(
    ([key, one]) => key === "version" || (isObject(one) && Object.keys(one).length === 0),
  );

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return bytes.toString("utf8");
  }
}
