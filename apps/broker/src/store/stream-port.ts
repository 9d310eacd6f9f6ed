import type { MemberId, MeshId, StreamName, TopicId } from "@claudemesh/protocol";

/** That there is a stream; what is published to it is nowhere. */
export interface StreamRow {
  readonly name: StreamName;
  /** empty: for everyone */
  readonly topic: TopicId | "";
  readonly by: MemberId;
  readonly createdAt: number;
}

/** The writes that concern streams. */
export interface StreamWrites {
  /** "full" when the mesh has `limits.streams`. */
  putStream(input: StreamRow & { readonly mesh: MeshId }): Promise<"kept" | "exists" | "full">;
  /** Answers whether it was there. */
  deleteStream(
    input: Pick<StreamRow, "name" | "topic"> & { readonly mesh: MeshId; readonly at: number },
  ): Promise<boolean>;
}

/** The reads that concern streams. */
export interface StreamReads {
  /** Those of a mesh by name. */
  streams(mesh: MeshId): Promise<readonly StreamRow[]>;
  stream(mesh: MeshId, query: Pick<StreamRow, "name" | "topic">): Promise<StreamRow | undefined>;
}
