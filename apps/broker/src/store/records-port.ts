import type { Hash, MemberId, MeshId, RecordId, TopicId, Written } from "@claudemesh/protocol";

/** Where a record lies: its noun, its topic or the whole mesh, its key. */
export interface RecordPlace {
  readonly noun: string;
  readonly topic: TopicId | "";
  readonly key: string;
}

/** A change of one record, with the entry of the log that tells of it. Idempotent by (mesh, author, id) with `digest`. */
export interface RecordPut extends RecordPlace {
  readonly mesh: MeshId;
  readonly id: RecordId;
  readonly digest: Hash;
  /** who wrote it; of an API key, its owner */
  readonly by: MemberId;
  /** whose record it is from now on */
  readonly author: MemberId;
  readonly status: string;
  /** everything that the record says from now on, the newest last */
  readonly written: readonly Written[];
  readonly words: string;
  /** only if it is at this version still, 0 for one that is not there; left out: whatever it is */
  readonly expect: number | undefined;
  /** how many of the noun the mesh may have */
  readonly most: number;
  readonly at: number;
  readonly expiresAt: number;
}

export type RecordOutcome =
  | { readonly result: "written"; readonly version: number; readonly replaced: number }
  /** it was changed since */
  | { readonly result: "stale" }
  /** the mesh has `most` of them */
  | { readonly result: "full" };

/** A record as it stands; a deleted one has the status `gone`, and is forgotten after a while. */
export interface RecordRow extends RecordPlace {
  readonly version: number;
  readonly status: string;
  readonly author: MemberId;
  readonly at: number;
  readonly written: readonly Written[];
}

/** Which records are asked for; deleted ones never are. */
export interface RecordQuery {
  readonly noun: string;
  /** those of these topics, the empty one being the whole mesh */
  readonly topics: readonly (TopicId | "")[];
  readonly statuses?: readonly string[] | undefined;
  readonly limit: number;
}

/** The writes that concern shared data. */
export interface RecordWrites {
  putRecord(input: RecordPut): Promise<RecordOutcome>;
  /** Forgets records that were deleted before `before`, at most `limit`. Answers how many. */
  forgetRecords(input: { readonly before: number; readonly limit: number }): Promise<number>;
}

/** The reads that concern shared data. */
export interface RecordReads {
  record(mesh: MeshId, place: RecordPlace): Promise<RecordRow | undefined>;
  /** The newest change first, from before a version on. */
  records(
    mesh: MeshId,
    query: RecordQuery & { readonly before?: number | undefined },
  ): Promise<readonly RecordRow[]>;
  /** What has the words of `text`, the best first: those that have all of them, or else any. */
  searchRecords(
    mesh: MeshId,
    query: RecordQuery & { readonly text: string },
  ): Promise<readonly RecordRow[]>;
  /** How many there are, by noun and status. */
  recordCounts(
    mesh: MeshId,
    topics: readonly (TopicId | "")[],
  ): Promise<readonly { readonly noun: string; readonly status: string; readonly count: number }[]>;
  /** What a member's write of this id was taken as. */
  writtenBefore(
    mesh: MeshId,
    query: { readonly by: MemberId; readonly id: RecordId },
  ): Promise<
    | {
        readonly digest: string;
        readonly seq: number;
        readonly at: number;
        readonly replaced: number | null;
      }
    | undefined
  >;
}
