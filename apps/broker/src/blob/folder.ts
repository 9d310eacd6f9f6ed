import { chmod, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type RandomSource, toHex } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";
import { blobAt, blobPath, exactly } from "./blob-path.ts";
import { type BlobName, type BlobStore, partName, partOf } from "./port.ts";

/** read and sent at a time */
const pieceBytes = 256 * 1024;

const isMissing = (error: unknown): boolean => (error as { code?: unknown }).code === "ENOENT";

/** Blobs as files of a folder, readable by its owner alone: a part is written under another name, synced, and renamed, so that a crash leaves it whole or absent. */
export class FolderBlobs implements BlobStore {
  readonly #folder: string;
  readonly #random: RandomSource;

  constructor(folder: string, random: RandomSource) {
    this.#folder = folder;
    this.#random = random;
  }

  async putPart(
    blob: BlobName,
    part: number,
    bytes: number,
    from: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const folder = this.#folderOf(blob);
    const path = join(folder, partName(part));
    const temporary = `${path}.${toHex(this.#random(6))}.part`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(temporary, "wx", 0o600);
      try {
        await chmod(temporary, 0o600);
        for await (const chunk of exactly(from, bytes)) await file.writeFile(chunk);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await synced(folder);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw asMeshError(error, folder);
    }
  }

  async parts(blob: BlobName) {
    const folder = this.#folderOf(blob);
    const names = await readdir(folder).catch(none);
    const found = await Promise.all(
      names.map(async (name) => {
        const part = partOf(name);
        if (part === undefined) return [];
        const { size } = await stat(join(folder, name));
        return [{ part, bytes: size }];
      }),
    );
    return found.flat().sort((a, b) => a.part - b.part);
  }

  async *readPart(blob: BlobName, part: number, from: number): AsyncGenerator<Uint8Array> {
    const path = join(this.#folderOf(blob), partName(part));
    const file = await open(path, "r").catch((cause: unknown) => {
      throw new MeshError("not_found", "that part of the file is not there", { cause });
    });
    let ahead = Promise.resolve(0);
    try {
      // Two buffers for the whole part: while one travels, the other fills. One for each piece would be garbage by the megabyte.
      let [next, other] = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)];
      const fill = async (at: number) => (await file.read(next, 0, pieceBytes, at)).bytesRead;
      let at = from;
      for (let read = await fill(at); read > 0; read = await ahead) {
        const piece = next.subarray(0, read);
        at += read;
        [next, other] = [other, next];
        ahead = fill(at);
        // What it throws is thrown when it is waited for.
        ahead.catch(() => {});
        yield piece;
      }
    } finally {
      await ahead.catch(() => {});
      await file.close();
    }
  }

  async tidy(blob: BlobName): Promise<void> {
    const folder = this.#folderOf(blob);
    for (const name of await readdir(folder).catch(none)) {
      if (partOf(name) === undefined) await rm(join(folder, name), { force: true });
    }
  }

  async delete(blob: BlobName): Promise<void> {
    await rm(this.#folderOf(blob), { recursive: true, force: true });
  }

  async *list() {
    for (const mesh of await readdir(this.#folder).catch(none)) {
      for (const shard of await readdir(join(this.#folder, mesh)).catch(none)) {
        for (const name of await readdir(join(this.#folder, mesh, shard)).catch(none)) {
          const blob = blobAt(mesh, shard, name);
          if (blob !== undefined) yield blob;
        }
      }
    }
  }

  async check(): Promise<void> {
    await readdir(this.#folder).catch((cause: unknown) => {
      if (isMissing(cause)) return;
      throw new MeshError("unavailable", "the folder of files cannot be read", { cause });
    });
  }

  close(): void {}

  #folderOf(blob: BlobName): string {
    return join(this.#folder, ...blobPath(blob));
  }
}

/** What is not there has nothing in it; also something that is no folder. */
const none = (error: unknown): string[] => {
  if (isMissing(error) || (error as { code?: unknown }).code === "ENOTDIR") return [];
  throw error;
};

/** A name that a power cut takes away would take an acknowledged part with it. */
async function synced(folder: string): Promise<void> {
  const entry = await open(folder, "r");
  try {
    await entry.sync();
  } finally {
    await entry.close();
  }
}

function asMeshError(error: unknown, folder: string): unknown {
  const { code } = error as { code?: unknown };
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new MeshError("disk_full", "there is no space left for files", { cause: error });
  }
  if (
    error instanceof MeshError ||
    (error as { code?: unknown }).code === "ERR_STREAM_PREMATURE_CLOSE"
  ) {
    return error;
  }
  return code === "EACCES" || code === "EROFS"
    ? new MeshError("unavailable", `this cannot be written: ${folder}`, { cause: error })
    : error;
}
