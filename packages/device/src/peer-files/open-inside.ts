import { constants } from "node:fs";
import { type FileHandle, open, readlink, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { MeshError } from "@claudemesh/protocol";
import { peerPath, refused } from "./peer-path.ts";

/** A folder that is shared. */
export interface SharedRoot {
  readonly path: string;
  readonly dotfiles: boolean;
}

/** Something of a shared folder, held open: what the names lead to may change meanwhile, this does not. */
export interface OpenedInside {
  readonly file: FileHandle;
  /** where it lies in truth */
  readonly real: string;
}

const missing = new Set<unknown>(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "ENAMETOOLONG"]);

/**
 * Opens what a path in a shared folder leads to, and checks afterwards where it is that was opened: links are followed as long as they stay inside, and nobody can put
 * one in between the check and the reading. The caller closes it. Throws `forbidden`, `not_found`.
 */
export async function openInside(root: SharedRoot, path: string): Promise<OpenedInside> {
  const names = peerPath(path, root.dotfiles);
  const file = await opened(root, names);
  try {
    const base = await realpath(root.path);
    const real = await realOf(file, join(base, ...names));
    const inner = real === base ? "" : real.slice(base.length + 1);
    if (real !== base && !real.startsWith(base.endsWith(sep) ? base : `${base}${sep}`)) {
      throw refused("it leads out of the shared folder");
    }
    // A link may lead to a name that is not given out itself.
    peerPath(inner.split(sep).join("/"), root.dotfiles);
    return { file, real };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function opened(root: SharedRoot, names: readonly string[]): Promise<FileHandle> {
  try {
    // Not to wait for a pipe that nobody writes to.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    return await open(join(root.path, ...names), flags);
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    if (missing.has(code)) throw new MeshError("not_found", "path: there is nothing of that name");
    throw new MeshError("forbidden", "path: it cannot be read", { cause });
  }
}

/** The path of what is open. Where the system does not say, what lies at the path now must be the same file. */
async function realOf(file: FileHandle, path: string): Promise<string> {
  if (process.platform === "linux") return await readlink(`/proc/self/fd/${file.fd}`);
  const real = await realpath(path);
  const [own, there] = await Promise.all([
    file.stat({ bigint: true }),
    stat(real, { bigint: true }),
  ]);
  if (own.dev === there.dev && own.ino === there.ino) return real;
  throw refused("it was changed while it was opened");
}
