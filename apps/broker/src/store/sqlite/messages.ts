import type { ErrorBody, MeshId } from "@claudemesh/protocol";
import type { LogEntry } from "../port.ts";
import type { WriteInput, WriteName, WriteOutput } from "./write-context.ts";

/** One named write on its way to the writer's thread; without a name it only asks whether a transaction can begin. */
export type WriteRequest =
  | { readonly [N in WriteName]: { readonly name: N; readonly input: WriteInput<N> } }[WriteName]
  | { readonly name: null };

/** Everything waiting at one moment, or the order to finish and end. */
export type ToWriter = readonly WriteRequest[] | "close";

export type WriteResult =
  | { readonly value: WriteOutput<WriteName> | undefined }
  /** `cause` is for the operator's log only */
  | { readonly error: ErrorBody; readonly cause?: string };

/** What one transaction did, sent after its commit: a result per request in order, and what was appended per mesh in seq order. */
export interface BatchDone {
  readonly results: readonly WriteResult[];
  readonly appended: ReadonlyMap<MeshId, readonly LogEntry[]>;
}

export type FromWriter = BatchDone | "ready";
