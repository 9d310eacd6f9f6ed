import { readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { readIfThere, replaceFile } from "../replace-file.ts";

/** Makes a folder hold exactly these files, each replaced whole; answers whether anything was different. */
export function writeFolder(folder: string, files: ReadonlyMap<string, string>): boolean {
  let isChanged = false;
  for (const path of filesIn(folder)) {
    if (files.has(path)) continue;
    rmSync(join(folder, path));
    isChanged = true;
  }
  for (const [path, text] of files) {
    const whole = join(folder, path);
    if (readIfThere(whole)?.toString("utf8") === text) continue;
    replaceFile(whole, text);
    isChanged = true;
  }
  return isChanged;
}

/** The files below a folder, with `/` between the parts; none where there is no folder. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
