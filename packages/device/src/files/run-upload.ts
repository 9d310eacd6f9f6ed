import { open } from "node:fs/promises";
import { cipherBytes } from "@claudemesh/crypto";
import type { Hash } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { dropUpload, notePart, type UploadRow } from "../store/upload-rows.ts";
import { BlobClient } from "./blob-client.ts";
import { retrying } from "./retrying.ts";
import { changed, sealedParts } from "./sealed-parts.ts";
import { shareUploaded } from "./share-uploaded.ts";
import { stampOf } from "./stamp.ts";
import type { Counting } from "./transfers.ts";

/** Uploads what waits, from wherever it was cut, and shares it. Throws what reading, the network and the broker refuse; what went up stays there for the next try. */
export const runUpload = (ctx: DeviceContext, row: MembershipRow, upload: UploadRow) =>
  ctx.transfers.once(upload.id, () =>
    ctx.transfers.watch(
      { id: upload.id, name: upload.name, direction: "up", bytes: upload.bytes },
      async (counting) => {
        const sha256 = await sendParts(ctx, row, upload, counting);
        await shareUploaded(ctx, row, upload, sha256);
        ctx.store.write(() => dropUpload(ctx.store, upload.id));
      },
    ),
  );

/** Sends the parts that the broker does not have; answers the hash of the whole ciphertext. */
async function sendParts(
  ctx: DeviceContext,
  row: MembershipRow,
  upload: UploadRow,
  counting: Counting,
): Promise<Hash> {
  const { id } = upload;
  const client = new BlobClient(row.broker);
  const begin = () =>
    ctx.links.using(row, (link) =>
      link.client.file.begin({ id, bytes: cipherBytes(upload.bytes) }),
    );
  const file = await open(upload.path, "r");
  try {
    if (stampOf(await file.stat({ bigint: true })) !== upload.stamp) throw changed(upload.path);
    let begun = await begin();
    const there = new Set(begun.parts);
    const put = async (number: number, bytes: Uint8Array) => {
      const renew = async () => {
        begun = await begin();
      };
      const work = () => client.putPart(begun.ticket, id, { number, bytes }, ctx.closing.signal);
      await retrying(ctx, renew, work);
      counting.done += bytes.length;
    };
    let sha256 = "" as Hash;
    // Two on their way: while one becomes durable there, the next one travels.
    const underWay: Promise<void>[] = [];
    try {
      for await (const { number, bytes, digest } of sealedParts(file, upload)) {
        // The same key never seals two different texts: what may have left once must be the same now.
        const noted = ctx.store.write(() => notePart(ctx.store, id, number, digest));
        if (noted !== digest) throw changed(upload.path);
        sha256 = digest;
        if (there.has(number)) {
          counting.done += bytes.length;
          continue;
        }
        if (underWay.length === 2) await underWay.shift();
        const sending = put(number, bytes);
        sending.catch(() => {});
        underWay.push(sending);
      }
    } finally {
      await Promise.allSettled(underWay);
    }
    await Promise.all(underWay);
    if (stampOf(await file.stat({ bigint: true })) !== upload.stamp) throw changed(upload.path);
    counting.done = upload.bytes;
    return sha256;
  } finally {
    await file.close();
  }
}
