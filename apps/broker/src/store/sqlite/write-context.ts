import type { WriteContext, WriteFn, WriteName } from "../writing/write-context.ts";
import type { Cursors } from "./cursors.ts";
import type { LogWriter } from "./log.ts";

/** What the writer's connection gives to named writes. */
export interface SqliteWriteContext extends WriteContext {
  readonly log: LogWriter;
  readonly cursors: Cursors;
}

/** A named write for this dialect. */
export type SqliteWriteFn<N extends WriteName> = WriteFn<N, SqliteWriteContext>;
