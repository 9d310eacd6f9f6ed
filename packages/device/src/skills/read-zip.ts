import { limits, MeshError } from "@claudemesh/protocol";
import type { Entry, ZipFile } from "yauzl";
import { refuseLink, type Tree, TreeBuilder, treeLimits } from "./tree.ts";

const fileKind = 0o170000;
const kinds = { link: 0o120000, folder: 0o040000, file: 0o100000 } as const;

/** Opens a zip, has its skills read and closes it. Nothing is written to disk. Throws `malformed`, `not_found`, `too_large`. */
export async function withZip<T>(path: string, use: (tree: Tree) => Promise<T>): Promise<T> {
  const { default: yauzl } = await import("yauzl");
  let zip: ZipFile;
  try {
    zip = await yauzl.openPromise(path, {
      autoClose: false,
      lazyEntries: true,
      strictFileNames: true,
    });
  } catch (cause) {
    const isAbsent = (cause as NodeJS.ErrnoException).code === "ENOENT";
    if (isAbsent) throw new MeshError("not_found", "source: there is no such file");
    throw bad("it is no zip file", cause);
  }
  try {
    return await use(await treeOf(zip));
  } catch (cause) {
    if (cause instanceof MeshError) throw cause;
    throw bad("the zip file is damaged", cause);
  } finally {
    zip.close();
  }
}

async function treeOf(zip: ZipFile): Promise<Tree> {
  if (zip.entryCount > treeLimits.files * 2) {
    throw new MeshError("too_large", `source: more than ${treeLimits.files} files`);
  }
  const builder = new TreeBuilder();
  for await (const entry of zip.eachEntry()) {
    const { compressedSize, externalFileAttributes, fileName, uncompressedSize: bytes } = entry;
    const kind = (externalFileAttributes >>> 16) & fileKind;
    if (kind === kinds.link) refuseLink(fileName);
    if (kind !== 0 && kind !== kinds.file && kind !== kinds.folder) {
      throw bad(`${JSON.stringify(fileName)} is no file`);
    }
    if (fileName.endsWith("/")) continue;
    if (entry.isEncrypted()) throw bad("it is encrypted");
    if (bytes > compressedSize * treeLimits.ratio + 4_096) {
      throw new MeshError("too_large", `source: ${JSON.stringify(fileName)} is packed too well`);
    }
    builder.add(fileName, { bytes, read: () => readEntry(zip, entry) });
  }
  return builder.tree;
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of await zip.openReadStreamPromise(entry)) {
    size += part.length;
    // What it says of its size was checked; what it is, is checked here.
    if (size > limits.skillBytes) {
      throw new MeshError("too_large", `source: ${entry.fileName} is larger than a skill may be`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const bad = (what: string, cause?: unknown): MeshError =>
  new MeshError("malformed", `source: ${what}`, cause === undefined ? {} : { cause });
