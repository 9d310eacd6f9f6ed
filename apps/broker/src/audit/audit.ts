import type { AuditPlace, AuditSigner } from "@claudemesh/crypto/verify";
import type { AuditHead, MeshId, SignKey } from "@claudemesh/protocol";
import type { LogEntry } from "../store/port.ts";
import type { Timer } from "../timer.ts";

/** Vouches for the meshes' audit chains, and wakes those who wait for the next row. The rows themselves are written with the changes that they tell of. */
export class Audit {
  readonly #signer: AuditSigner;
  readonly #timer: Timer;
  readonly #waiting = new Map<MeshId, Set<() => void>>();
  #stopped = false;

  constructor(signer: AuditSigner, timer: Timer) {
    this.#signer = signer;
    this.#timer = timer;
  }

  /** the public half of the key that signs heads */
  get key(): SignKey {
    return this.#signer.key;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  sign(kind: AuditHead["kind"], mesh: MeshId, { seq, hash }: AuditPlace, at: number): AuditHead {
    return this.#signer.sign({ kind, mesh, seq, hash, at });
  }

  /** A change of the mesh was made. */
  record(mesh: MeshId): void {
    for (const wake of this.#waiting.get(mesh) ?? []) wake();
  }

  /** What changes a mesh is mostly told in its log; messages and receipts are no changes of it. */
  appended(mesh: MeshId, entries: readonly LogEntry[]): void {
    if (!this.#waiting.has(mesh)) return;
    if (entries.some(({ kind }) => kind !== "message" && kind !== "receipt")) this.record(mesh);
  }

  /** Settles at the next change of the mesh from now on, after `ms`, or at the stop. */
  next(mesh: MeshId, ms: number): Promise<void> {
    if (this.#stopped || ms <= 0) return Promise.resolve();
    const all = this.#waiting.get(mesh) ?? new Set();
    this.#waiting.set(mesh, all);
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        all.delete(wake);
        if (all.size === 0) this.#waiting.delete(mesh);
        resolve();
      };
      const cancel = this.#timer.after(ms, wake);
      all.add(wake);
    });
  }

  /** Lets nobody wait any more. */
  stop(): void {
    this.#stopped = true;
    for (const mesh of [...this.#waiting.keys()]) this.record(mesh);
  }
}
