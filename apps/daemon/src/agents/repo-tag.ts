import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Folders looked at above the one that an agent works in. */
const mostAbove = 40;
/** As long as a session's tag may be. */
const longest = 64;

/** `repo:<name>` for an agent that works inside a git checkout: by its origin, else by its folder. Undefined outside of one. */
export function repoTag(cwd: string): string | undefined {
  let folder = cwd;
  for (let above = 0; above < mostAbove; above += 1) {
    const name = nameAt(folder);
    if (name !== undefined) return `repo:${name}`.slice(0, longest);
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return undefined;
}

/** The checkout's name where the folder is its top; a worktree has a file there that names the repository's own folder. */
function nameAt(folder: string): string | undefined {
  const git = join(folder, ".git");
  const kind = statSync(git, { throwIfNoEntry: false });
  if (kind === undefined) return undefined;
  const own = kind.isDirectory() ? git : commonFolder(readText(git));
  const name = originName(readText(join(own ?? git, "config")));
  if (name !== undefined) return name;
  return basename(own !== undefined && basename(own) === ".git" ? dirname(own) : folder);
}

const commonFolder = (text: string): string | undefined =>
  /^gitdir:\s*(.+?)(?:\/worktrees\/[^/]+)?\s*$/m.exec(text)?.[1];

/** The last part of origin's address, without `.git`. */
function originName(config: string): string | undefined {
  const section = /^\[remote "origin"\]$([^[]*)/m.exec(config)?.[1] ?? "";
  const url = /^\s*url\s*=\s*(\S+)\s*$/m.exec(section)?.[1];
  const name = url
    ?.replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .split(/[/:]/)
    .at(-1);
  return name === undefined || name === "" ? undefined : name;
}

/** A file's text; empty where it cannot be read. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
