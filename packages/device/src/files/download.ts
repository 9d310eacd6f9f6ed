import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FileOpener } from "@claudemesh/crypto/file-cipher";
import { type FileId, type FileInside, type FileManifest, limits } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { asLost, BlobClient } from "./blob-client.ts";
import { PlainWriter } from "./plain-writer.ts";
import { retrying } from "./retrying.ts";
import type { Counting } from "./transfers.ts";

const { fileChunkBytes } = limits;

export interface Download {
  readonly manifest: FileManifest;
  readonly inside: FileInside;
  readonly ticket: string;
}

/** Where a file is written until it is whole; found again by the next try. */
export const partPath = (path: string, id: FileId): string =>
  join(dirname(path), `.claudemesh-${id.slice(4)}.part`);

/**
 * Fetches a file's ciphertext, opens it chunk by chunk into the part beside `path`, and goes on with what an earlier try left there. When this settles the part is whole,
 * checked against the manifest and on stable storage. Throws `bad_signature`, having removed the part.
 */
export async function download(
  ctx: DeviceContext,
  row: MembershipRow,
  { manifest, inside, ticket: first }: Download,
  { part, counting }: { readonly part: string; readonly counting: Counting },
): Promise<void> {
  const file = await open(part, "a+", 0o600);
  try {
    await file.chmod(0o600);
    const opener = new FileOpener(inside, manifest.bytes);
    const kept = await replay(file, opener, inside.bytes);
    const writer = new PlainWriter(part, kept);
    await writer.open();
    try {
      let ticket = first;
      const client = new BlobClient(row.broker);
      const { signal } = ctx.closing;
      const renew = async () => {
        const again = await ctx.links.using(row, (link) =>
          link.client.file.get({ id: manifest.file }),
        );
        ticket = again.ticket;
      };
      while (opener.taken < manifest.bytes) {
        await retrying(ctx, renew, async () => {
          try {
            const body = await client.get(ticket, manifest.file, opener.taken, signal);
            for await (const piece of body) {
              opener.take(piece, (text) => writer.put(text));
              counting.done = Math.min(inside.bytes, opener.taken);
              await writer.room();
            }
          } catch (error) {
            throw asLost(error, signal);
          }
        });
      }
      await writer.close();
      opener.finish(manifest.sha256);
    } catch (error) {
      await writer.close().catch(() => {});
      if ((error as { code?: unknown }).code === "bad_signature") await rm(part, { force: true });
      throw error;
    }
  } finally {
    await file.close();
  }
}

/** Goes past the whole chunks that an earlier try wrote, all but the last of the file; answers how many bytes of text that are. */
async function replay(file: FileHandle, opener: FileOpener, bytes: number): Promise<number> {
  const { size } = await file.stat();
  const chunks = Math.min(Math.floor(size / fileChunkBytes), Math.ceil(bytes / fileChunkBytes) - 1);
  const kept = Math.max(0, chunks) * fileChunkBytes;
  const text = Buffer.alloc(Math.min(kept, 16 * fileChunkBytes));
  for (let at = 0; at < kept; ) {
    const wanted = Math.min(text.length, kept - at);
    const { bytesRead } = await file.read(text, 0, wanted, at);
    if (bytesRead !== wanted) return 0;
    opener.replay(text.subarray(0, wanted));
    at += wanted;
  }
  return kept;
}

/** Whether something lies there. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
