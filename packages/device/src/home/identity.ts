import {
  createIdentitySeed,
  fromBase64,
  type RandomSource,
  toBase64,
  toHex,
} from "@claudemesh/crypto";
import { bytes } from "@claudemesh/protocol";
import { z } from "zod";
import type { HomeFolder } from "./home-folder.ts";
import { readPrivate, writePrivate } from "./private-file.ts";
import { damaged, parseVersioned } from "./versioned-json.ts";

const IdentityFile = z.strictObject({
  v: z.literal(1),
  seed: bytes(32, "identity seed"),
  earlier: z.array(bytes(32, "identity seed")).max(100).optional(),
});

/** The identity seed, or undefined when none was made yet. Throws `home_damaged` for a file that cannot be read whole. */
export function readIdentity(home: HomeFolder): Uint8Array | undefined {
  const path = home.paths.identity;
  const text = readPrivate(path);
  return text === undefined ? undefined : parseIdentity(text, path);
}

/** The seeds that this home had before, the newest first: what was sealed to their keys opens with them still. */
export function readEarlier(home: HomeFolder): readonly Uint8Array[] {
  const path = home.paths.identity;
  const text = readPrivate(path);
  if (text === undefined) return [];
  const { earlier = [] } = parseVersioned(IdentityFile, text, path);
  return earlier.map((seed) => seedBytes(seed, path));
}

/** The seed in the text of an identity file. Throws `home_damaged` naming the path. */
export const parseIdentity = (text: string, path: string): Uint8Array =>
  seedBytes(parseVersioned(IdentityFile, text, path).seed, path);

function seedBytes(seed: string, path: string): Uint8Array {
  try {
    return fromBase64(seed, "identity seed");
  } catch {
    throw damaged(path, "its seed is not canonical base64url");
  }
}

/**
 * The identity seed, made and written on first need. `isNeeded` tells that meshes of this home depend on a seed already: then a
 * missing file is `home_damaged`, never replaced.
 */
export function ensureIdentity(
  home: HomeFolder,
  random: RandomSource,
  isNeeded: () => boolean,
): Uint8Array {
  const known = readIdentity(home);
  if (known !== undefined) return known;
  return home.whileMaking(() => {
    const made = readIdentity(home);
    if (made !== undefined) return made;
    if (isNeeded())
      throw damaged(home.paths.identity, "it is missing, and the meshes here need it");
    home.mend();
    const seed = createIdentitySeed(random);
    writePrivate(home.paths.identity, identityText(seed), toHex(random(6)));
    return seed;
  });
}

/** What an identity file says. */
export const identityText = (seed: Uint8Array, earlier: readonly Uint8Array[] = []): string => {
  const before = earlier.length === 0 ? {} : { earlier: earlier.map((one) => toBase64(one)) };
  return `${JSON.stringify({ v: 1, seed: toBase64(seed), ...before })}\n`;
};

/** Makes `seed` the home's, after those that it had `earlier`. */
export function replaceIdentity(
  home: HomeFolder,
  seed: Uint8Array,
  random: RandomSource,
  earlier: readonly Uint8Array[] = [],
): void {
  home.whileMaking(() => {
    home.mend();
    writePrivate(home.paths.identity, identityText(seed, earlier), toHex(random(6)));
  });
}
