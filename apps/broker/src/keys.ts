import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { AtRestBox } from "@claudemesh/crypto/at-rest";
import { fromBase64, fromUtf8, type RandomSource, toBase64, utf8 } from "@claudemesh/crypto/verify";
import { bytes, MeshError } from "@claudemesh/protocol";
import { z } from "zod";

/** What the broker keeps outside its database, so that a restored database cannot vouch for itself. */
export interface BrokerKeys {
  /** authenticates cursors */
  readonly cursor: Uint8Array;
  /** seed of the key that signs the heads of audit chains */
  readonly audit: Uint8Array;
}

const Keys = z.object({
  cursor: bytes(32, "cursor key"),
  // Absent in the file of a broker that kept no audit chain.
  audit: bytes(32, "seed of the audit key").optional(),
});
type FoundKeys = Pick<BrokerKeys, "cursor"> & Partial<BrokerKeys>;
/** Version 1 lies open, 2 is sealed under the operator's encryption key. */
const KeyFile = z.discriminatedUnion("v", [
  z.object({ v: z.literal(1), ...Keys.shape }),
  z.object({ v: z.literal(2), sealed: z.string().max(10_000) }),
]);

const sealedAs = "broker keys";

/**
 * Reads `keys.json` of the data folder, or makes it (0600). With an encryption key the file is sealed, also one that lay open until now.
 * Throws `home_damaged`, `unauthorized` when the file needs another encryption key, or `not_writable`, naming the file.
 */
export function loadKeys(
  folder: string,
  random: RandomSource,
  encryptionKey?: Uint8Array,
): BrokerKeys {
  const path = join(folder, "keys.json");
  const box = encryptionKey && new AtRestBox(encryptionKey, random);
  const text = readIfThere(path);
  const found = text === undefined ? undefined : parseKeys(text, path, box);
  const { cursor = random(32), audit = random(32) }: Partial<BrokerKeys> = found?.keys ?? {};
  const isAsWanted = found?.keys.audit !== undefined && found.isSealed === (box !== undefined);
  if (isAsWanted) return { cursor, audit };
  const isTaken = !save(path, { cursor, audit }, box, found === undefined);
  // Another node of the same folder was first.
  return isTaken ? loadKeys(folder, random, encryptionKey) : { cursor, audit };
}

/** Answers false, with nothing done, when the file is to be new and is there by now. */
function save(
  path: string,
  { cursor, audit }: BrokerKeys,
  box: AtRestBox | undefined,
  isNew: boolean,
): boolean {
  const open = { cursor: toBase64(cursor), audit: toBase64(audit) };
  const content =
    box === undefined
      ? { v: 1, ...open }
      : { v: 2, sealed: box.seal(sealedAs, utf8(JSON.stringify(open))) };
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return writeWhole(path, `${JSON.stringify(content)}\n`, isNew);
  } catch (cause) {
    throw new MeshError("not_writable", `this cannot be written: ${path}`, { cause });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MeshError("home_damaged", `this cannot be read: ${path}`, { cause });
  }
}

function parseKeys(
  text: string,
  path: string,
  box: AtRestBox | undefined,
): { readonly keys: FoundKeys; readonly isSealed: boolean } {
  const file = readAs(KeyFile, text, path);
  if (file.v === 1) return { keys: decoded(file), isSealed: false };
  const opened = readAs(Keys, open(file.sealed, path, box), path);
  return { keys: decoded(opened), isSealed: true };
}

const decoded = ({ cursor, audit }: z.infer<typeof Keys>): FoundKeys => ({
  cursor: fromBase64(cursor),
  ...(audit === undefined ? {} : { audit: fromBase64(audit) }),
});

function open(sealed: string, path: string, box: AtRestBox | undefined): string {
  const hint =
    "give the encryption key that it was sealed with: --encryption-key-file, or CLAUDEMESH_ENCRYPTION_KEY";
  if (box === undefined) {
    throw new MeshError(
      "unauthorized",
      `this is sealed, and no encryption key was given: ${path}`,
      {
        hint,
      },
    );
  }
  try {
    return fromUtf8(box.open(sealedAs, sealed));
  } catch {
    throw new MeshError("unauthorized", `this does not open with that encryption key: ${path}`, {
      hint,
    });
  }
}

function readAs<T>(schema: z.ZodType<T>, text: string, path: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // The cause would quote the file.
    throw new MeshError("home_damaged", `this is not a broker's key file: ${path}`, {
      hint: "put it back from a backup, or move it away: every device then starts from what the broker knows of it",
    });
  }
}

/** A crash or power cut leaves the whole file or none. The part is made new, so that no link is followed and no old mode kept. Answers false when a new file is there already. */
function writeWhole(path: string, text: string, isNew: boolean): boolean {
  const part = `${path}.${process.pid}.part`;
  rmSync(part, { force: true });
  synced(openSync(part, "wx", 0o600), (file) => writeSync(file, text));
  if (isNew && !linked(part, path)) return false;
  if (!isNew) renameSync(part, path);
  synced(openSync(dirname(path), "r"), () => {});
  return true;
}

/** Gives a part its name unless that is taken; the part is gone either way. */
function linked(part: string, path: string): boolean {
  try {
    linkSync(part, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

function synced(file: number, use: (file: number) => void): void {
  try {
    use(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
