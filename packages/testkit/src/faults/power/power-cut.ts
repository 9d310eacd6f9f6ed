import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Seeded } from "../seeded.ts";
import type { DataChange, DiskChange, DiskHistory, NameChange } from "./disk-history.ts";

/** What a power cut leaves of that which no sync covers; names always come and go in their order, as a journal keeps them. */
export const losses = ["none kept", "all kept", "the first kept", "some kept", "torn"] as const;
export type Loss = (typeof losses)[number];

export interface Cut {
  /** the line of the trace at which the power goes */
  readonly at: number;
  readonly loss: Loss;
  readonly random: Seeded;
  /** what a disk does that lies about syncs, or a program that leaves them out */
  readonly ignoresSyncs?: boolean;
}

const sector = 512;

/** Writes what a power cut leaves of the history's root into `to`, which is made. */
export function afterCut(history: DiskHistory, cut: Cut, to: string): void {
  const kept = keptChanges(history, cut);
  const tree = new Map<number, Map<string, number>>();
  for (const change of kept) if (change.kind === "names") rename(tree, change);
  const written = kept.filter((change) => change.kind !== "names");
  const data = Map.groupBy(written, ({ file }) => file);
  const make = (node: number, path: string): void => {
    if (!history.folders.has(node)) {
      makeFile(path, data.get(node) ?? []);
      return;
    }
    mkdirSync(path);
    for (const [name, child] of tree.get(node) ?? []) make(child, join(path, name));
  };
  make(0, to);
}

function keptChanges({ changes }: DiskHistory, cut: Cut): DiskChange[] {
  const { at, loss, random, ignoresSyncs = false } = cut;
  const begun = changes.filter(({ began }) => began <= at);
  const isSafe = ({ durable }: DiskChange) => !ignoresSyncs && durable <= at;
  const unsafe = begun.filter((change) => !isSafe(change));
  const mayKeep = new Map<DiskChange, DiskChange>();
  const first = random.below(unsafe.length + 1);
  const names = unsafe.filter(({ kind }) => kind === "names");
  const keptNames = random.below(names.length + 1);
  let nameIndex = 0;
  for (const [index, change] of unsafe.entries()) {
    if (loss === "none kept") break;
    const isKept =
      loss === "all kept" ||
      (loss === "the first kept" && index < first) ||
      (loss !== "the first kept" &&
        (change.kind === "names" ? nameIndex++ < keptNames : random.chance(0.5)));
    if (isKept) mayKeep.set(change, change);
    else if (loss === "torn" && change.kind === "bytes") {
      const part = torn(change, random);
      if (part) mayKeep.set(change, part);
    }
  }
  return begun.flatMap((change) => (isSafe(change) ? change : (mayKeep.get(change) ?? [])));
}

/** A run of a write's sectors, or nothing. */
function torn(change: DataChange, random: Seeded): DataChange | undefined {
  const end = change.at + change.bytes.length;
  const edges = [change.at];
  for (let at = (Math.floor(change.at / sector) + 1) * sector; at < end; at += sector) {
    edges.push(at);
  }
  edges.push(end);
  const from = random.below(edges.length - 1);
  const to = random.between(from, edges.length - 1);
  const [start = 0, stop = 0] = [edges[from], edges[to]];
  if (stop <= start) return undefined;
  const bytes = change.bytes.subarray(start - change.at, stop - change.at);
  return { ...change, at: start, bytes };
}

function rename(tree: Map<number, Map<string, number>>, { folder, names }: NameChange): void {
  const entries = tree.get(folder) ?? new Map<string, number>();
  tree.set(folder, entries);
  for (const [name, node] of names) {
    if (node === undefined) entries.delete(name);
    else entries.set(name, node);
  }
}

function makeFile(path: string, changes: readonly DataChange[]): void {
  const file = openSync(path, "wx", 0o600);
  try {
    for (const { kind, at, bytes } of changes) {
      if (kind === "length") ftruncateSync(file, at);
      else writeSync(file, bytes, 0, bytes.length, at);
    }
  } finally {
    closeSync(file);
  }
}
