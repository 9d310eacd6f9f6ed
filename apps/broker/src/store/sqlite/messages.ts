import type { ErrorBody, MeshId } from "@claudemesh/protocol";
import type { AuditNote } from "../audit-port.ts";
import type { LogEntry, MessageAppend } from "../port.ts";
import type { WriteInput, WriteName, WriteOutput } from "../writing/write-context.ts";

/** A message on its way: an array crosses threads in less than half the time that an object with the same fields takes. */
export type PackedMessage = readonly [
  mesh: MessageAppend["mesh"],
  sender: MessageAppend["sender"],
  id: MessageAppend["id"],
  digest: MessageAppend["digest"],
  audience: MessageAppend["audience"],
  kind: MessageAppend["kind"],
  body: MessageAppend["body"],
  rosterSeq: MessageAppend["rosterSeq"],
  at: MessageAppend["at"],
  expiresAt: MessageAppend["expiresAt"],
  lease: MessageAppend["lease"],
];

/** A named write as its caller gave it; without a name it only asks whether a transaction can begin. */
export type NamedWrite =
  | {
      readonly [N in WriteName]: {
        readonly name: N;
        readonly input: WriteInput<N>;
        /** the call that asked for it, for the audit chain */
        readonly note?: AuditNote | undefined;
      };
    }[WriteName]
  | { readonly name: null };

/** One write on its way to the writer's thread. */
export type WriteRequest = NamedWrite | PackedMessage;

/** Everything waiting at one moment, or the order to finish and end. */
export type ToWriter = readonly WriteRequest[] | "close";

/** What a write appended to the log of a mesh. */
export interface Appended {
  readonly mesh: MeshId;
  readonly entry: LogEntry;
}

export type WriteResult =
  /** the seq of a packed message that was appended as it was asked for: its sender knows the rest, so that no body travels back */
  | number
  | {
      readonly value: WriteOutput<WriteName> | undefined;
      readonly appended: readonly Appended[];
    }
  /** `cause` is for the operator's log only */
  | { readonly error: ErrorBody; readonly cause?: string };

/** What one transaction did, sent after its commit: a result per request in order. */
export interface BatchDone {
  readonly results: readonly WriteResult[];
}

export type FromWriter = BatchDone | "ready";

export const pack = (input: MessageAppend): PackedMessage => [
  input.mesh,
  input.sender,
  input.id,
  input.digest,
  input.audience,
  input.kind,
  input.body,
  input.rosterSeq,
  input.at,
  input.expiresAt,
  input.lease,
];

export function unpack(packed: PackedMessage): MessageAppend {
  const [mesh, sender, id, digest, audience, kind, body, rosterSeq, at, expiresAt, lease] = packed;
  return { mesh, sender, id, digest, audience, kind, body, rosterSeq, at, expiresAt, lease };
}
