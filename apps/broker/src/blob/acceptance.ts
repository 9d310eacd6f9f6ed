import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemRandom, toHex } from "@claudemesh/crypto/verify";
import { type FileId, MeshError, type MeshId } from "@claudemesh/protocol";
import type { BlobName, BlobStore } from "./port.ts";

const hex = (bytes: number) => toHex(systemRandom(bytes));
const uuid = () => `${hex(4)}-${hex(2)}-4${hex(2).slice(1)}-8${hex(2).slice(1)}-${hex(6)}`;
const fresh = (mesh = `mesh_${hex(32)}` as MeshId): BlobName => ({
  mesh,
  file: `fil_${uuid()}` as FileId,
});

async function* inPieces(bytes: Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(from: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of from) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

async function listed(blobs: BlobStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { mesh, file } of blobs.list()) found.push(`${mesh} ${file}`);
  return found.sort();
}

const is =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof MeshError && error.code === code;

/** Registers the tests that every blob store must pass; `open` gives an empty one. */
export function runBlobAcceptance(name: string, open: () => Promise<BlobStore>): void {
  const withBlobs = async (work: (blobs: BlobStore) => Promise<void>) => {
    const blobs = await open();
    try {
      await work(blobs);
    } finally {
      blobs.close();
    }
  };

  describe(`${name} blobs`, () => {
    test("parts come back as they were put, from any byte on", () =>
      withBlobs(async (blobs) => {
        const blob = fresh();
        const bytes = systemRandom(100_000);
        await blobs.putPart(blob, 0, bytes.length, inPieces(bytes));
        await blobs.putPart(blob, 1, 3, inPieces(Uint8Array.of(1, 2, 3)));
        assert.deepEqual(await blobs.parts(blob), [
          { part: 0, bytes: 100_000 },
          { part: 1, bytes: 3 },
        ]);
        assert.deepEqual(await all(blobs.readPart(blob, 0, 0)), Buffer.from(bytes));
        const later = await all(blobs.readPart(blob, 0, 99_990));
        assert.deepEqual(later, Buffer.from(bytes.subarray(99_990)));
        await blobs.check();
      }));

    test("a part that ends early, goes on too long or breaks off leaves nothing", () =>
      withBlobs(async (blobs) => {
        const blob = fresh();
        const some = systemRandom(5_000);
        await assert.rejects(blobs.putPart(blob, 0, 5_001, inPieces(some)), is("malformed"));
        await assert.rejects(blobs.putPart(blob, 0, 4_999, inPieces(some)), is("malformed"));
        async function* broken() {
          yield some;
          throw new Error("cut");
        }
        await assert.rejects(blobs.putPart(blob, 0, 9_000, broken()), /cut/);
        assert.deepEqual(await blobs.parts(blob), []);
        await assert.rejects(all(blobs.readPart(blob, 0, 0)), is("not_found"));
      }));

    test("a part that is put again replaces the one before", () =>
      withBlobs(async (blobs) => {
        const blob = fresh();
        await blobs.putPart(blob, 0, 2, inPieces(Uint8Array.of(1, 1)));
        await blobs.putPart(blob, 0, 3, inPieces(Uint8Array.of(2, 2, 2)));
        assert.deepEqual([...(await all(blobs.readPart(blob, 0, 0)))], [2, 2, 2]);
      }));

    test("what is listed is what has a part, and deleting one leaves the others", () =>
      withBlobs(async (blobs) => {
        const [one, two] = [fresh(), fresh()];
        const three = fresh(one.mesh);
        for (const blob of [one, two, three]) {
          for (const part of [0, 1, 2]) {
            await blobs.putPart(blob, part, 1, inPieces(Uint8Array.of(part)));
          }
        }
        const names = [one, two, three].map(({ mesh, file }) => `${mesh} ${file}`).sort();
        assert.deepEqual(await listed(blobs), names);
        await blobs.delete(one);
        await blobs.delete(fresh());
        assert.deepEqual(await blobs.parts(one), []);
        assert.equal((await blobs.parts(two)).length, 3);
        assert.equal((await listed(blobs)).length, 2);
      }));

    test("what is no id never becomes a path", () =>
      withBlobs(async (blobs) => {
        const good = fresh();
        const bad = [
          "../../etc/passwd",
          `${good.file}/..`,
          `fil_${"0".repeat(36)}`,
          "",
          `${good.file}\0`,
          good.file.toUpperCase(),
        ];
        for (const file of bad as FileId[]) {
          const put = blobs.putPart({ ...good, file }, 0, 1, inPieces(Uint8Array.of(1)));
          await assert.rejects(put, is("malformed"), file);
          const mesh = file as unknown as MeshId;
          await assert.rejects(blobs.parts({ ...good, mesh }), is("malformed"), file);
        }
      }));
  });
}
