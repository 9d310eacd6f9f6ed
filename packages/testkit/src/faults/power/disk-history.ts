import { basename, dirname, resolve } from "node:path";
import type { TracedCall } from "./traced-calls.ts";

/** Something that changes the disk; `began` and `returned` are lines of the trace. */
interface Timed {
  readonly began: number;
  readonly returned: number;
  /** the line from which on no power cut can undo it: the end of a sync that began after it; infinite when there was none */
  durable: number;
}

/** Bytes written to a file, or its new length. */
export interface DataChange extends Timed {
  readonly kind: "bytes" | "length";
  readonly file: number;
  readonly at: number;
  readonly bytes: Buffer;
}

/** Names that appeared in a folder or went, all at once. */
export interface NameChange extends Timed {
  readonly kind: "names";
  readonly folder: number;
  readonly names: readonly (readonly [name: string, node: number | undefined])[];
}

export type DiskChange = DataChange | NameChange;

export interface DiskHistory {
  /** in the order in which the calls returned */
  readonly changes: readonly DiskChange[];
  /** nodes that are folders; the root is node 0 */
  readonly folders: ReadonlySet<number>;
}

const dataless = Buffer.alloc(0);

/** What a traced program did below `root`, which existed and was empty. Throws for a call that would make the history wrong. */
export function diskHistory(calls: readonly TracedCall[], root: string): DiskHistory {
  const replay = new Replay(root);
  for (const call of calls) replay.take(call);
  return replay;
}

class Replay implements DiskHistory {
  readonly changes: DiskChange[] = [];
  readonly folders = new Set([0]);
  readonly #nodes: Map<string, number>;
  /** where each descriptor's next plain write goes */
  readonly #places = new Map<string, number>();
  /** what no sync has covered yet, by node */
  readonly #unsynced = new Map<number, DiskChange[]>();
  readonly #root: string;
  #next = 1;

  constructor(root: string) {
    this.#root = root;
    this.#nodes = new Map([[root, 0]]);
  }

  take(call: TracedCall): void {
    const { name, file, texts, rest } = call;
    const path = this.#pathOf(call, 0);
    // A call that never returned may have been done in part; one that failed did nothing.
    if (call.result < 0 && call.returned !== Number.POSITIVE_INFINITY) return;
    switch (name) {
      case "open":
      case "openat":
      case "creat":
        this.#open(call, path);
        break;
      case "mkdir":
      case "mkdirat":
        this.#add(call, path, true);
        break;
      case "rename":
      case "renameat":
      case "renameat2":
        this.#rename(call, path, this.#pathOf(call, 1));
        break;
      case "link":
        this.#link(call, path, this.#pathOf(call, 1));
        break;
      case "unlink":
      case "unlinkat":
      case "rmdir":
        this.#name(call, path, undefined);
        break;
      case "write":
      case "writev":
      case "pwrite64":
        this.#write(call);
        break;
      case "ftruncate":
        this.#data(call, "length", Number(/, (\d+)$/.exec(rest)?.[1]), dataless);
        break;
      case "fsync":
      case "fdatasync":
        this.#sync(call);
        break;
      default:
        if (this.#isBelow(path) || this.#isBelow(file)) {
          throw new Error(`a call that no power cut is known for: ${name} ${texts.length} ${rest}`);
        }
    }
  }

  /** A text argument as a path: `name` alone or behind the folder that the call names. */
  #pathOf({ texts, file }: TracedCall, index: number): string {
    const text = texts[index]?.toString() ?? "";
    return text.startsWith("/") ? resolve(text) : resolve(file === "" ? "/" : file, text);
  }

  /** The index of a write-ahead log is memory that all share, rebuilt after a cut. */
  #isBelow(path: string): boolean {
    return path.startsWith(`${this.#root}/`) && !path.endsWith("-shm");
  }

  #open(call: TracedCall, path: string): void {
    if (!this.#isBelow(path)) return;
    this.#places.set(`${call.result} ${path}`, 0);
    if (!this.#nodes.has(path)) {
      if (/O_CREAT/.test(call.rest)) this.#add(call, path, false);
    } else if (/O_TRUNC/.test(call.rest)) {
      this.#data({ ...call, file: path }, "length", 0, dataless);
    }
  }

  #add(call: TracedCall, path: string, isFolder: boolean): void {
    if (!this.#isBelow(path)) return;
    const node = this.#next++;
    if (isFolder) this.folders.add(node);
    this.#name(call, path, node);
  }

  #name(call: TracedCall, path: string, node: number | undefined): void {
    if (!this.#isBelow(path)) return;
    this.#change(call, dirname(path), [[basename(path), node]]);
    if (node === undefined) this.#nodes.delete(path);
    else this.#nodes.set(path, node);
  }

  #rename(call: TracedCall, from: string, to: string): void {
    if (!this.#isBelow(from) && !this.#isBelow(to)) return;
    const node = this.#nodes.get(from);
    if (node === undefined || dirname(from) !== dirname(to) || this.folders.has(node)) {
      throw new Error(`a rename that no power cut is known for: ${from} to ${to}`);
    }
    this.#change(call, dirname(to), [
      [basename(from), undefined],
      [basename(to), node],
    ]);
    this.#nodes.delete(from);
    this.#nodes.set(to, node);
  }

  /** Another name of the same file. */
  #link(call: TracedCall, from: string, to: string): void {
    if (!this.#isBelow(from) && !this.#isBelow(to)) return;
    const node = this.#nodes.get(from);
    if (node === undefined || !this.#isBelow(to)) {
      throw new Error(`a link that no power cut is known for: ${from} to ${to}`);
    }
    this.#name(call, to, node);
  }

  #change({ began, returned }: TracedCall, folder: string, names: NameChange["names"]): void {
    const node = this.#nodes.get(folder);
    if (node === undefined) throw new Error(`${folder} was never made`);
    const durable = Number.POSITIVE_INFINITY;
    this.#keep(node, { kind: "names", folder: node, names, began, returned, durable });
  }

  #write(call: TracedCall): void {
    const { name, file, texts, rest, result } = call;
    if (!this.#isBelow(file) || !this.#nodes.has(file)) return;
    const whole = Buffer.concat(texts);
    const bytes = result < 0 ? whole : whole.subarray(0, result);
    if (name === "pwrite64") {
      this.#data(call, "bytes", Number(/, (\d+)$/.exec(rest)?.[1]), bytes);
      return;
    }
    const descriptor = `${Number.parseInt(rest, 10)} ${file}`;
    const at = this.#places.get(descriptor) ?? 0;
    this.#places.set(descriptor, at + bytes.length);
    this.#data(call, "bytes", at, bytes);
  }

  #data(call: TracedCall, kind: DataChange["kind"], at: number, bytes: Buffer): void {
    const node = this.#nodes.get(call.file);
    if (!this.#isBelow(call.file) || node === undefined) return;
    const { began, returned } = call;
    const durable = Number.POSITIVE_INFINITY;
    this.#keep(node, { kind, file: node, at, bytes, began, returned, durable });
  }

  #keep(node: number, change: DiskChange): void {
    this.changes.push(change);
    const unsynced = this.#unsynced.get(node) ?? [];
    unsynced.push(change);
    this.#unsynced.set(node, unsynced);
  }

  #sync({ file, began, returned, result }: TracedCall): void {
    const node = this.#nodes.get(file);
    if (node === undefined || result !== 0) return;
    const left = (this.#unsynced.get(node) ?? []).filter((change) => {
      if (change.returned >= began) return true;
      change.durable = returned;
      return false;
    });
    this.#unsynced.set(node, left);
  }
}
