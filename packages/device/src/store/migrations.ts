import { sha256, toHex, utf8 } from "@claudemesh/crypto";
import { init } from "./migrations/0001-init.ts";

/** One numbered, forward-only step of the home's schema. Its SQL is text in a module, so that a bundle carries it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In the order of their numbers. */
export const migrations: readonly Migration[] = [{ name: "0001-init", sql: init }];

/** SHA-256 of a migration's SQL as hex, by which an edited one is noticed. */
export const migrationHash = ({ sql }: Migration): string => toHex(sha256(utf8(sql)));
