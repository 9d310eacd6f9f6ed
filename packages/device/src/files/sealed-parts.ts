import type { FileHandle } from "node:fs/promises";
import { cipherBytes } from "@claudemesh/crypto";
import { FileSealer } from "@claudemesh/crypto/file-cipher";
import { type Hash, limits, MeshError } from "@claudemesh/protocol";
import type { UploadRow } from "../store/upload-rows.ts";

const { fileChunkBytes, filePartBytes } = limits;
/** plaintext of a whole part */
const textBytes = (filePartBytes / (fileChunkBytes + 17)) * fileChunkBytes;
/** plaintext that is sealed between two turns of the event loop, about a millisecond's work */
const turnBytes = 16 * fileChunkBytes;

/** One part of a file's ciphertext; `bytes` are good until two parts later. */
export interface SealedPart {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** SHA-256 of the ciphertext up to this part's end */
  readonly digest: Hash;
}

/** Reads a file and seals it part by part, in memory that does not grow with it: three parts, of which two may be on their way while the next is sealed. Throws `conflict` when the file changes meanwhile. */
export async function* sealedParts(
  file: FileHandle,
  row: Pick<UploadRow, "bytes" | "header" | "key" | "path">,
): AsyncGenerator<SealedPart> {
  const sealer = new FileSealer(row);
  const text = Buffer.alloc(Math.min(textBytes, Math.max(1, row.bytes)));
  const most = Math.min(filePartBytes, cipherBytes(row.bytes));
  const buffers: Uint8Array[] = [];
  let from = 0;
  for (let number = 0; number === 0 || from < row.bytes; number += 1) {
    const wanted = Math.min(textBytes, row.bytes - from);
    await fill(file, text.subarray(0, wanted), from, row.path);
    const out = buffers[number % 3] ?? new Uint8Array(most);
    buffers[number % 3] = out;
    let length = 0;
    for (let at = 0; at === 0 || at < wanted; at += turnBytes) {
      const to = Math.min(at + turnBytes, wanted);
      const isLast = from + to === row.bytes;
      length += sealer.seal(text.subarray(at, to), isLast, out.subarray(length));
      await new Promise(setImmediate);
    }
    from += wanted;
    yield { number, bytes: out.subarray(0, length), digest: sealer.soFar };
  }
}

async function fill(file: FileHandle, into: Buffer, from: number, path: string): Promise<void> {
  for (let at = 0; at < into.length; ) {
    const { bytesRead } = await file.read(into, at, into.length - at, from + at);
    if (bytesRead === 0) throw changed(path);
    at += bytesRead;
  }
}

/** What is said of a file that is another than the one that was to be shared. */
export const changed = (path: string): MeshError =>
  new MeshError("conflict", `path: ${path} was changed while it was being shared`, {
    hint: "share it again as it is now",
  });
