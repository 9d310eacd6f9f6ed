import type { FileId, MeshId } from "@claudemesh/protocol";

/** Which file's ciphertext a blob is. */
export interface BlobName {
  readonly mesh: MeshId;
  readonly file: FileId;
}

/** Where the bytes of files lie: in numbered parts of one size, the last of which may be shorter. What a part holds is never looked at. */
export interface BlobStore {
  /** Keeps one part of exactly so many bytes, whole and on stable storage, or nothing; a part that is there is replaced. Throws `malformed` when fewer or more come, `disk_full`, `unavailable`. */
  putPart(
    blob: BlobName,
    part: number,
    bytes: number,
    from: AsyncIterable<Uint8Array>,
  ): Promise<void>;
  /** The parts that are there with their sizes, in order. */
  parts(blob: BlobName): Promise<readonly BlobPart[]>;
  /** One part from a byte of it on; each piece is good until the next is asked for. Throws `not_found` with the first. */
  readPart(blob: BlobName, part: number, from: number): AsyncIterable<Uint8Array>;
  /** Takes away what puts that never ended have left beside the parts of a blob that is whole. */
  tidy(blob: BlobName): Promise<void>;
  /** Deletes every part; what is not there is no error. */
  delete(blob: BlobName): Promise<void>;
  /** Every blob that has a part, for sweeping. */
  list(): AsyncIterable<BlobName>;
  /** Throws `unavailable` when the blobs cannot be reached. */
  check(): Promise<void>;
  close(): void;
}

export interface BlobPart {
  readonly part: number;
  readonly bytes: number;
}

/** How a part is named: so that names sort as numbers do. */
export const partName = (part: number): string => String(part).padStart(6, "0");

/** The part of such a name; undefined for any other. */
export const partOf = (name: string): number | undefined =>
  /^\d{6}$/.test(name) ? Number(name) : undefined;
