import { z } from "zod";

const charsFor = (bytes: number) => Math.ceil((bytes * 4) / 3);

/** What the last character may be, so that unused bits are zero and a value has one spelling: by length modulo 3. */
const lastChar = ["[A-Za-z0-9_-]", "[AQgw]", "[AEIMQUYcgkosw048]"] as const;

/** Exactly `length` bytes as unpadded base64url (RFC 4648, section 5). */
export const bytes = (length: number, what: string) =>
  z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9_-]{${charsFor(length) - 1}}${lastChar[length % 3]}$`),
      `${what} must be ${length} bytes of unpadded base64url`,
    )
    .describe(what);

/** At most `max` bytes as unpadded base64url (RFC 4648, section 5). */
export const bytesUpTo = (max: number, what: string) =>
  z
    .string()
    .max(charsFor(max), `${what} is over ${max} bytes`)
    .regex(/^[A-Za-z0-9_-]*$/, `${what} must be unpadded base64url`)
    .describe(what);

/** A SHA-256 digest as 64 lower-case hex digits. */
export const Hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "not a SHA-256 hash: expected 64 hex digits")
  .brand<"Hash">()
  .describe("SHA-256 hash");
export type Hash = z.infer<typeof Hash>;

/** An Ed25519 public key (RFC 8032). */
export const SignKey = bytes(32, "Ed25519 public key").brand<"SignKey">();
export type SignKey = z.infer<typeof SignKey>;

/** An X25519 public key (RFC 7748). */
export const SealKey = bytes(32, "X25519 public key").brand<"SealKey">();
export type SealKey = z.infer<typeof SealKey>;

/** An Ed25519 signature (RFC 8032). */
export const Signature = bytes(64, "Ed25519 signature").brand<"Signature">();
export type Signature = z.infer<typeof Signature>;

/** Milliseconds since the Unix epoch. */
export const At = z
  .int()
  .min(0)
  .max(8_640_000_000_000_000)
  .describe("milliseconds since the Unix epoch");
