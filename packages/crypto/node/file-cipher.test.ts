import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import { type Hash, limits, MeshError } from "@claudemesh/protocol";
import { toBase64 } from "../src/encoding.ts";
import { ready, sodium } from "../src/sodium.ts";
import { loadVectors } from "../src/testing/load-vectors.ts";
import { seededRandom } from "../src/testing/seeded-random.ts";
import type { fileVectors } from "../src/vectors/files.ts";
import { FileOpener, FileSealer } from "./file-cipher.ts";
import { OpenStream, SealStream } from "./secretstream.ts";

before(ready);

const chunk = limits.fileChunkBytes;
const random = seededRandom("file cipher");
const fileKey = () => ({ key: toBase64(random(32)), header: toBase64(random(24)) });
const broken = (error: unknown) => error instanceof MeshError && error.code === "bad_signature";

test("streams are libsodium's, byte for byte, in both directions and at every length", () => {
  const lengths = [
    [0],
    [1],
    [8],
    [17, 3, 9],
    [chunk],
    [chunk, chunk, 5],
    [chunk, chunk - 8],
    [64, 0],
  ];
  for (const sizes of lengths) {
    const [key, header] = [random(32), random(24)];
    const ours = new SealStream(key, header);
    const reader = new OpenStream(key, header);
    const theirs = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
    const pair = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const opening = new OpenStream(key, pair.header);
    sizes.forEach((size, index) => {
      const isLast = index === sizes.length - 1;
      const text = random(size);
      const sealed = new Uint8Array(size + 17);
      assert.equal(ours.push(text, isLast, sealed, 0), size + 17);
      const pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(theirs, sealed, null);
      assert.ok(pulled, `${sizes} at ${index}`);
      assert.equal(pulled.tag, isLast ? 3 : 0);
      assert.deepEqual(Buffer.from(pulled.message), Buffer.from(text));
      assert.deepEqual(Buffer.from(reader.pull(sealed)), Buffer.from(text));
      const made = sodium.crypto_secretstream_xchacha20poly1305_push(
        pair.state,
        text,
        null,
        isLast ? 3 : 0,
      );
      assert.deepEqual(Buffer.from(opening.pull(made)), Buffer.from(text));
    });
    assert.ok(reader.isComplete && opening.isComplete);
  }
});

function sealed(
  text: Uint8Array,
  file: ReturnType<typeof fileKey>,
): { bytes: Uint8Array; sha: Hash } {
  const out = new Uint8Array(text.length + 17 * (2 + Math.ceil(text.length / chunk)));
  const sealer = new FileSealer(file);
  const length = sealer.seal(text, true, out);
  return { bytes: out.subarray(0, length), sha: sealer.soFar };
}

function opened(bytes: Uint8Array, file: ReturnType<typeof fileKey>, sha: Hash, piece: number) {
  const opener = new FileOpener(file, bytes.length);
  const texts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    opener.take(bytes.subarray(at, at + piece), (text) => texts.push(Buffer.from(text)));
  }
  opener.finish(sha);
  return Buffer.concat(texts);
}

test("the committed ciphertext is made and opened", () => {
  const { ciphertextHex, inside, manifest, textHex } = loadVectors<typeof fileVectors>("file");
  const text = Buffer.from(textHex, "hex");
  const made = sealed(text, inside);
  assert.equal(Buffer.from(made.bytes).toString("hex"), ciphertextHex);
  assert.equal(made.sha, manifest.sha256);
  assert.deepEqual(opened(Buffer.from(ciphertextHex, "hex"), inside, made.sha, 7), text);
});

test("a file opens from pieces of any length, and its hash is that of the ciphertext", () => {
  for (const size of [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 7]) {
    const file = fileKey();
    const text = random(size);
    const { bytes, sha } = sealed(text, file);
    assert.equal(bytes.length, size + 17 * Math.max(1, Math.ceil(size / chunk)));
    assert.equal(sha, createHash("sha256").update(bytes).digest("hex"));
    for (const piece of [bytes.length, 100_000, 65_553, 7_919]) {
      assert.deepEqual(opened(bytes, file, sha, piece), Buffer.from(text), `${size} by ${piece}`);
    }
  }
});

test("what was opened before is gone past, and the rest opens", () => {
  const file = fileKey();
  const text = random(4 * chunk + 99);
  const { bytes, sha } = sealed(text, file);
  const opener = new FileOpener(file, bytes.length);
  opener.replay(text.subarray(0, 2 * chunk));
  assert.equal(opener.taken, 2 * (chunk + 17));
  const texts: Buffer[] = [];
  opener.take(bytes.subarray(opener.taken), (one) => texts.push(Buffer.from(one)));
  opener.finish(sha);
  assert.deepEqual(Buffer.concat(texts), Buffer.from(text.subarray(2 * chunk)));

  const other = new FileOpener(file, bytes.length);
  other.replay(random(2 * chunk));
  assert.throws(() => other.take(bytes.subarray(other.taken), () => {}), broken);
});

test("cut, swapped, repeated, altered and foreign chunks are refused", () => {
  const file = fileKey();
  const text = random(3 * chunk + 5);
  const { bytes, sha } = sealed(text, file);
  const part = chunk + 17;
  const parts = [0, 1, 2, 3].map((n) => Buffer.from(bytes.subarray(n * part, (n + 1) * part)));
  const whole = (...order: number[]) => Buffer.concat(order.map((n) => parts[n] as Buffer));
  const flipped = (at: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  const lies: [string, Uint8Array][] = [
    ["cut at a chunk", whole(0, 1, 2)],
    ["cut within one", bytes.subarray(0, bytes.length - 1)],
    ["nothing", new Uint8Array(0)],
    ["swapped", whole(1, 0, 2, 3)],
    ["repeated", whole(0, 0, 2, 3)],
    ["one left out", whole(0, 2, 3)],
    ["something after the end", Buffer.concat([bytes, parts[0] as Buffer])],
    ...[0, 1, 20, part - 1, part, bytes.length - 1].map((at): [string, Uint8Array] => [
      `byte ${at} changed`,
      flipped(at),
    ]),
  ];
  for (const [name, lie] of lies) {
    assert.throws(() => opened(lie, file, sha, lie.length || 1), broken, name);
    const opener = new FileOpener(file, bytes.length);
    assert.throws(
      () => {
        if (lie.length > 0) opener.take(lie, () => {});
        opener.finish(sha);
      },
      broken,
      `${name}, under the true length`,
    );
  }
  assert.throws(() => opened(bytes, fileKey(), sha, bytes.length), broken);
  assert.throws(() => opened(bytes, file, "0".repeat(64) as Hash, bytes.length), broken);
});
