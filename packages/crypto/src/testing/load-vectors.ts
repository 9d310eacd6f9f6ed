import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { vectorsFolder } from "../vectors/build.ts";

/** Reads a committed vector file, typed as what its builder makes. */
export function loadVectors<Build extends () => { format: string }>(format: string) {
  const file = JSON.parse(readFileSync(new URL(`${format}.json`, vectorsFolder), "utf8"));
  assert.equal(file.format, format);
  return file as ReturnType<Build>;
}

export const hexBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** A random source that gives the listed draws in turn. */
export function replay(...draws: string[]): (length: number) => Uint8Array {
  let next = 0;
  return (length) => {
    const bytes = hexBytes(draws[next++] ?? "");
    assert.equal(bytes.length, length, "the length that is drawn");
    return bytes;
  };
}
