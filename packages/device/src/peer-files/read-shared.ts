import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { limits, MeshError, type PeerFileEntry } from "@claudemesh/protocol";
import { openInside, type SharedRoot } from "./open-inside.ts";
import { peerPath, refused } from "./peer-path.ts";

/** A piece of a file; `stamp` tells whether the next one is of the same state of it. */
export interface PeerPiece {
  readonly bytes: number;
  readonly stamp: string;
  readonly data: Buffer;
  readonly real: string;
}

/** Reads a piece of a shared file. Throws `forbidden` for what is no plain file, `too_large` for one of more than a MiB. */
export async function readShared(root: SharedRoot, path: string, from: number): Promise<PeerPiece> {
  const { file, real } = await openInside(root, path);
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw refused("it is no plain file");
    const bytes = Number(stats.size);
    if (bytes > limits.peerFileBytes) {
      throw new MeshError("too_large", `path: the file has ${bytes} bytes, more than one MiB`);
    }
    const wanted = Math.max(0, Math.min(limits.peerFilePiece, bytes - from));
    const data = Buffer.alloc(wanted);
    const { bytesRead } = await file.read(data, 0, wanted, from);
    const stamp = `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
    return { bytes, stamp, data: data.subarray(0, bytesRead), real };
  } finally {
    await file.close();
  }
}

/** Lists a shared folder: plain files and folders that may be asked for, by name. */
export async function listShared(
  root: SharedRoot,
  path: string,
): Promise<{ readonly items: PeerFileEntry[]; readonly more: boolean; readonly real: string }> {
  const { file, real } = await openInside(root, path);
  try {
    if (!(await file.stat()).isDirectory()) throw refused("it is no folder");
    // Through what is open, so that nothing else is listed should the name lead elsewhere by now.
    const held = process.platform === "linux" ? `/proc/self/fd/${file.fd}` : real;
    const found = (await readdir(held, { withFileTypes: true }))
      .filter((entry) => (entry.isFile() || entry.isDirectory()) && isShown(entry.name, root))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, limits.peerFileEntries);
    const items = await Promise.all(
      page.map(async (entry): Promise<PeerFileEntry> => {
        if (entry.isDirectory()) return { name: entry.name, kind: "folder" };
        const stats = await lstat(join(held, entry.name)).catch(() => undefined);
        if (stats === undefined) return { name: entry.name, kind: "file" };
        const changedAt = Math.max(0, Math.floor(stats.mtimeMs));
        return { name: entry.name, kind: "file", bytes: stats.size, changedAt };
      }),
    );
    return { items, more: found.length > page.length, real };
  } finally {
    await file.close();
  }
}

function isShown(name: string, { dotfiles }: SharedRoot): boolean {
  try {
    return peerPath(name, dotfiles).length === 1;
  } catch {
    return false;
  }
}
