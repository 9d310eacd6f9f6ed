import { FileId, MeshError, MeshId, parse } from "@claudemesh/protocol";
import type { BlobName } from "./port.ts";

/** Where a blob lies, as parts of a path: spread over folders by the file's last digits. What is no id never becomes a path. */
export function blobPath({ mesh, file }: BlobName): readonly [string, string, string] {
  const folder = parse(MeshId, mesh, "mesh");
  const name = parse(FileId, file, "file");
  return [folder, name.slice(-2), name];
}

/** The blob that lies at such a path; undefined for anything else that lies there. */
export function blobAt(mesh: string, shard: string, name: string): BlobName | undefined {
  const folder = MeshId.safeParse(mesh);
  const file = FileId.safeParse(name);
  if (!folder.success || !file.success || !name.endsWith(shard)) return undefined;
  return { mesh: folder.data, file: file.data };
}

/** Passes so many bytes on and throws `malformed` as soon as more come, or when fewer came. */
export async function* exactly(
  from: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of from) {
    left -= chunk.length;
    if (left < 0) throw new MeshError("malformed", "body: more bytes than the part has");
    yield chunk;
  }
  if (left > 0) throw new MeshError("malformed", "body: fewer bytes than the part has");
}
