import { sha256, toHex, utf8 } from "@claudemesh/crypto/verify";
import type { Hash } from "@claudemesh/protocol";

/** 32 random bytes as unpadded base64url, behind a mark by which leaked ones are found. */
const form = /^cm_[A-Za-z0-9_-]{43}$/;

/** The SHA-256 of a secret, which alone is stored; undefined for what cannot be one. */
export const secretHash = (secret: string): Hash | undefined =>
  form.test(secret) ? (toHex(sha256(utf8(secret))) as Hash) : undefined;

/** Whether a bearer's token is an API key's secret, and no ticket. */
export const isKeySecret = (token: string): boolean => form.test(token);
