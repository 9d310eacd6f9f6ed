import type { Audience, MemberId, MeshId } from "@claudemesh/protocol";
import type { AudienceMove, LogKind } from "../port.ts";

/** A mesh's row as far as appending needs it; `append` keeps `headSeq` current. */
export interface MeshHead {
  readonly no: number;
  readonly id: MeshId;
  headSeq: number;
  readonly barrierSeq: number;
}

export interface NewEntry {
  readonly id: string;
  readonly kind: LogKind;
  readonly sender: MemberId | null;
  readonly audience: Audience;
  readonly at: number;
  readonly expiresAt: number;
  readonly body: string;
}

/** The log's writing side as named writes know it, inside the transaction of their batch. */
export interface LogAppender {
  /** The mesh as it stands inside the transaction; throws `not_found`. */
  head(id: MeshId): MeshHead;
  /** To be awaited between making a mesh and asking for its head. */
  made(id: MeshId): void | Promise<void>;
  /** Numbers one entry; answers its seq. It is written when the named write ends at the latest. */
  append(mesh: MeshHead, entry: NewEntry, moves?: readonly AudienceMove[]): number;
}
