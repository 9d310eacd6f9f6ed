import type { MeshId } from "@claudemesh/protocol";
import type { LogEntry } from "../port.ts";

/** text of all entries that are held; more are not */
const heldChars = 8 << 20;
/** what an entry counts for besides its body */
const flatChars = 512;

/** Entries that came before something that is missing, by mesh, within a bound for all together. */
export class HeldEntries {
  readonly #entries = new Map<MeshId, readonly LogEntry[]>();
  #chars = 0;

  has(mesh: MeshId): boolean {
    return this.#entries.has(mesh);
  }

  /** False, with nothing done, when too much is held already. */
  hold(mesh: MeshId, entries: readonly LogEntry[]): boolean {
    if (this.#chars >= heldChars) return false;
    this.#entries.set(mesh, [...(this.#entries.get(mesh) ?? []), ...entries]);
    this.#chars += charsIn(entries);
    return true;
  }

  /** What was held of a mesh, in order, which is not held any more. */
  take(mesh: MeshId): LogEntry[] {
    const held = this.#entries.get(mesh) ?? [];
    this.#entries.delete(mesh);
    this.#chars -= charsIn(held);
    return held.toSorted((a, b) => a.seq - b.seq);
  }
}

const charsIn = (entries: readonly LogEntry[]): number =>
  entries.reduce((sum, { body }) => sum + flatChars + (body?.length ?? 0), 0);
