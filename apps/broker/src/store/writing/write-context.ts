import type { Kysely } from "kysely";
import type { StoreWrites } from "../port.ts";
import type { Schema } from "../schema.ts";
import type { LogAppender } from "./log-appender.ts";

/** What a named write works with, inside the batch's transaction. */
export interface WriteContext {
  readonly db: Kysely<Schema>;
  readonly log: LogAppender;
}

export type WriteName = keyof StoreWrites;
export type WriteInput<N extends WriteName> = Parameters<StoreWrites[N]>[0];
export type WriteOutput<N extends WriteName> = Awaited<ReturnType<StoreWrites[N]>>;

/** One named write. Throwing undoes this write alone. */
export type WriteFn<N extends WriteName, C = WriteContext> = (
  context: C,
  input: WriteInput<N>,
) => WriteOutput<N> | Promise<WriteOutput<N>>;
