import { readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { isSameWish, type ToolWish, wishOfFile } from "./wished-tools.ts";

const name = "tools";

/** The home's file that says which tools its agents are to have. */
export const toolsFile = (home: string): string => join(home, "agent", name);

/** What the file says now; none where there is no such file. */
export function readToolsFile(path: string): ToolWish {
  try {
    return wishOfFile(readFileSync(path, "utf8"));
  } catch {
    return "none";
  }
}

/** Tells of every change of what the file says, until it is stopped. Where the folder is not there, nothing is: it is read again when tools are asked for. */
export function watchToolsFile(path: string, changed: () => void): () => void {
  let said = readToolsFile(path);
  const look = (_event: string, about: string | null) => {
    if (about !== null && about !== name) return;
    const now = readToolsFile(path);
    if (isSameWish(said, now)) return;
    said = now;
    changed();
  };
  try {
    const watcher = watch(dirname(path), { persistent: false }, look);
    // A folder that is taken away says nothing any more.
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
