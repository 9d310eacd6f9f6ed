import type { WireOpName } from "@claudemesh/protocol";
import type { Actor } from "./handler.ts";

/** A change that was made; never its content. */
export interface AuditRecord {
  readonly op: WireOpName;
  readonly actor: Actor | undefined;
  readonly at: number;
}

/** Tells its listeners of every change. */
export class Audit {
  readonly #listeners = new Set<(record: AuditRecord) => void>();

  /** Answers a function that ends it. */
  listen(listener: (record: AuditRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  record(record: AuditRecord): void {
    for (const listener of this.#listeners) listener(record);
  }
}
