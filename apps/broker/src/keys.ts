import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fromBase64, type RandomSource, toBase64 } from "@claudemesh/crypto/verify";
import { bytes, MeshError } from "@claudemesh/protocol";
import { z } from "zod";

/** What the broker keeps outside its database, so that a restored database cannot vouch for itself. */
export interface BrokerKeys {
  /** authenticates cursors */
  readonly cursor: Uint8Array;
}

const KeyFile = z.object({ v: z.literal(1), cursor: bytes(32, "cursor key") });

/** Reads `keys.json` of the data folder, or makes it (0600). Throws `home_damaged` or `not_writable` naming the file. */
export function loadKeys(folder: string, random: RandomSource): BrokerKeys {
  const path = join(folder, "keys.json");
  const text = readIfThere(path);
  if (text !== undefined) return parseKeys(text, path);
  const cursor = random(32);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeWhole(path, `${JSON.stringify({ v: 1, cursor: toBase64(cursor) })}\n`);
  } catch (cause) {
    throw new MeshError("not_writable", `this cannot be written: ${path}`, { cause });
  }
  return { cursor };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MeshError("home_damaged", `this cannot be read: ${path}`, { cause });
  }
}

function parseKeys(text: string, path: string): BrokerKeys {
  try {
    return { cursor: fromBase64(KeyFile.parse(JSON.parse(text)).cursor) };
  } catch {
    // The cause would quote the file.
    throw new MeshError("home_damaged", `this is not a broker's key file: ${path}`, {
      hint: "put it back from a backup, or move it away: every device then starts from what the broker knows of it",
    });
  }
}

/** A crash or power cut leaves the whole file or none. The part is made new, so that no link is followed and no old mode kept. */
function writeWhole(path: string, text: string): void {
  const part = `${path}.part`;
  rmSync(part, { force: true });
  synced(openSync(part, "wx", 0o600), (file) => writeSync(file, text));
  renameSync(part, path);
  synced(openSync(dirname(path), "r"), () => {});
}

function synced(file: number, use: (file: number) => void): void {
  try {
    use(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
