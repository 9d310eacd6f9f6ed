import assert from "node:assert/strict";
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
} from "node:crypto";
import { test } from "node:test";
import { sodium } from "../sodium.ts";
import { hexBytes, loadVectors } from "../testing/load-vectors.ts";
import type { deviceLinkVectors } from "./device-links.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const secretKey = (hex: string) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), hexBytes(hex)]),
    format: "der",
    type: "pkcs8",
  });
const publicKey = (text: string) =>
  createPublicKey({
    key: Buffer.concat([
      Buffer.from("302a300506032b656e032100", "hex"),
      Buffer.from(text, "base64url"),
    ]),
    format: "der",
    type: "spki",
  });

test("device links, their keys agreed with Node's X25519 and HKDF", () => {
  for (const one of loadVectors<typeof deviceLinkVectors>("device-link").cases) {
    const { check, code, existing, new: fresh, parts } = one;
    for (const [side, { commitment, key }] of [
      ["existing", existing],
      ["new", fresh],
    ] as const) {
      const text = `claudemesh/device-link/v1\n{"code":"${code}","key":"${key}","side":"${side}"}`;
      assert.equal(hash(text), commitment);
    }
    const keys = `"existing":"${existing.key}"`;
    const digest = hash(
      `claudemesh/device-link-check/v1\n{"code":"${code}",${keys},"new":"${fresh.key}"}`,
    );
    const digits = String(Number.parseInt(digest.slice(0, 6), 16)).padStart(8, "0");
    assert.equal(check, `${digits.slice(0, 4)} ${digits.slice(4)}`);
    const secret = diffieHellman({
      privateKey: secretKey(existing.secretHex),
      publicKey: publicKey(fresh.key),
    });
    for (const from of ["existing", "new"] as const) {
      const info = `{"code":"${code}",${keys},"from":"${from}","new":"${fresh.key}"}`;
      const derived = hkdfSync("sha256", secret, "claudemesh/device-link-key/v1", info, 32);
      const { part, plaintextHex, sealed } = parts[from];
      const bytes = Uint8Array.from(Buffer.from(sealed, "base64url"));
      const place = `claudemesh/device-link-part/v1\n{"code":"${code}","from":"${from}","part":${part}}`;
      const opened = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        null,
        bytes.subarray(24),
        place,
        bytes.subarray(0, 24),
        new Uint8Array(derived),
      );
      assert.equal(Buffer.from(opened).toString("hex"), plaintextHex);
    }
  }
});
