import type { MeshId } from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { NodeRow, PresenceRow } from "../store/nodes-port.ts";
import type { Store } from "../store/port.ts";
import type { Timer } from "../timer.ts";

/** how long changes are gathered before they are told */
const gatherMs = 20;
/** rows in one signal */
const rowsPerSignal = 100;

export const presenceSubject = "nodes.presence";

/** What a node tells the others: rows, numbered without a gap. */
export interface PresenceNews {
  readonly node: string;
  readonly told: number;
  readonly rows: readonly PresenceRow[];
}

export interface OwnPresenceOptions {
  readonly node: string;
  readonly bus: Bus;
  readonly store: Pick<Store, "write">;
  readonly timer: Timer;
  /** what something that is at this node is told as; null when it is not here */
  readonly describe: (mesh: MeshId, subject: string) => object | null;
  /** this node's row but for its version */
  readonly row: () => Omit<NodeRow, "told">;
  readonly log: (event: string, cause: unknown) => void;
}

/** Tells the other nodes of what is at this one: at once by the bus, and by rows that whoever missed the signal reads. */
export class OwnPresence {
  readonly #options: OwnPresenceOptions;
  readonly #dirty = new Map<string, { readonly mesh: MeshId; readonly subject: string }>();
  /** what was told last */
  readonly #known = new Map<string, PresenceRow>();
  readonly #unwritten = new Map<string, PresenceRow>();
  #told = 0;
  #stopTimer: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #stopped = false;

  constructor(options: OwnPresenceOptions) {
    this.#options = options;
  }

  /** Something has come, changed or gone. */
  changed(mesh: MeshId, subject: string): void {
    if (this.#stopped) return;
    this.#dirty.set(`${mesh} ${subject}`, { mesh, subject });
    this.#stopTimer ??= this.#options.timer.after(gatherMs, () => this.#tell());
  }

  /** Has another look at everything of a kind that passes with time. */
  recheck(kind: string): void {
    for (const { mesh, subject } of this.#known.values()) {
      if (subject.startsWith(kind)) this.changed(mesh, subject);
    }
  }

  /** Writes the node's row, and all that is here should the others have forgotten it. Throws nothing. */
  async write(isForgotten = false): Promise<void> {
    if (isForgotten) for (const [key, row] of this.#known) this.#unwritten.set(key, row);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  /** Tells what there is to tell; nothing more is told after that. */
  async stop(): Promise<void> {
    this.#tell();
    this.#stopped = true;
    await this.#writing;
  }

  #tell(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const rows: PresenceRow[] = [];
    for (const [key, { mesh, subject }] of this.#dirty) {
      const described = this.#options.describe(mesh, subject);
      const body = described === null ? null : JSON.stringify(described);
      if ((this.#known.get(key)?.body ?? null) === body) continue;
      const row = { mesh, subject, body };
      if (body === null) this.#known.delete(key);
      else this.#known.set(key, row);
      this.#unwritten.set(key, row);
      rows.push(row);
    }
    this.#dirty.clear();
    if (rows.length === 0) return;
    const { bus, node } = this.#options;
    for (let at = 0; at < rows.length; at += rowsPerSignal) {
      this.#told += 1;
      const news: PresenceNews = {
        node,
        told: this.#told,
        rows: rows.slice(at, at + rowsPerSignal),
      };
      bus.publish(presenceSubject, JSON.stringify(news));
    }
    void this.write();
  }

  async #write(): Promise<void> {
    const { log, row, store } = this.#options;
    do {
      const presence = [...this.#unwritten.values()];
      const node = { ...row(), told: this.#told };
      this.#unwritten.clear();
      try {
        await store.write.putNode({ node, presence });
      } catch (cause) {
        // It goes with the next beat; what was told meanwhile is newer.
        for (const one of presence) {
          const key = `${one.mesh} ${one.subject}`;
          if (!this.#unwritten.has(key)) this.#unwritten.set(key, one);
        }
        log("presence not written", cause);
        return;
      }
    } while (this.#unwritten.size > 0);
  }
}
