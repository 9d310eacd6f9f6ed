import type { IncomingMessage } from "node:http";
import { MeshError } from "@claudemesh/protocol";
import type { KeyCaller } from "../api-keys/key-actor.ts";
import type { KeyBook } from "../api-keys/key-book.ts";
import type { RateLimit } from "../rate-limit.ts";

export interface KeyDoor {
  readonly book: KeyBook;
  /** wrong keys, by address */
  readonly wrongKeys: RateLimit;
}

/** The API key that a request bears; undefined where it bears none. Throws `unauthorized`, and `rate_limited` to an address that tries too many. */
export async function authenticate(
  { headers }: IncomingMessage,
  address: string,
  { book, wrongKeys }: KeyDoor,
): Promise<KeyCaller | undefined> {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";
  try {
    return await book.open(secret);
  } catch (error) {
    if (error instanceof MeshError && error.code === "unauthorized") wrongKeys.take(address);
    throw error;
  }
}
