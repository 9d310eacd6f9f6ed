import type { MeshId } from "@claudemesh/protocol";
import type { Bus } from "../../bus/port.ts";
import type { LogEntry } from "../port.ts";

/** Text of entries that one signal takes, as UTF-8; below what a bus carries, with room for names. */
const signalBytes = 192 * 1024;
/** what an entry takes besides its body, at most but for moves, which are few */
const entryBytes = 512;

const subjectOf = (mesh: MeshId): string => `${mesh}.head`;

type Head = readonly [
  seq: LogEntry["seq"],
  id: LogEntry["id"],
  audience: LogEntry["audience"],
  kind: LogEntry["kind"],
  sender: LogEntry["sender"],
  at: LogEntry["at"],
  /** characters of the body; null where there is none */
  body: number | null,
  moves?: LogEntry["moves"],
];

/** Tells the other nodes what a commit appended: the entries themselves where there is such a node, the bus is made for them and they fit, else only that there are some. */
export function tellHead(bus: Bus, mesh: MeshId, entries: readonly LogEntry[]): void {
  const subject = subjectOf(mesh);
  if (!bus.carriesEntries || bus.isAlone) {
    bus.publish(subject, "");
    return;
  }
  for (const part of partsOf(entries)) bus.publish(subject, headText(part));
}

/** Hears what other nodes appended; without entries where they have to be read. Answers a function that ends it. */
export function hearHeads(
  bus: Bus,
  hear: (mesh: MeshId, entries: readonly LogEntry[] | undefined) => void,
): () => void {
  return bus.subscribe("*.head", (text, subject) => {
    hear(subject.slice(0, subject.indexOf(".")) as MeshId, headEntries(text));
  });
}

/** Entries that go together; of one that is too large alone there are none to tell. */
function* partsOf(entries: readonly LogEntry[]): Generator<readonly LogEntry[]> {
  let part: LogEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const own =
      entryBytes + Buffer.byteLength(entry.body ?? "") + (entry.moves?.length ?? 0) * entryBytes;
    if (bytes + own > signalBytes && part.length > 0) {
      yield part;
      part = [];
      bytes = 0;
    }
    if (own > signalBytes) yield [];
    else {
      part.push(entry);
      bytes += own;
    }
  }
  if (part.length > 0) yield part;
}

/** One line of JSON for what the entries are, then their bodies as they are, so that those are neither escaped nor parsed. */
function headText(entries: readonly LogEntry[]): string {
  if (entries.length === 0) return "";
  const heads = entries.map(({ seq, id, audience, kind, sender, at, body, moves }): Head => {
    const head = [seq, id, audience, kind, sender, at, body?.length ?? null] as const;
    return moves === undefined ? head : [...head, moves];
  });
  return `${JSON.stringify(heads)}\n${entries.map(({ body }) => body ?? "").join("")}`;
}

/** What `headText` was made of; undefined where nothing was told. */
function headEntries(text: string): readonly LogEntry[] | undefined {
  if (text === "") return undefined;
  let at = text.indexOf("\n") + 1;
  const heads = JSON.parse(text.slice(0, at)) as Head[];
  return heads.map(([seq, id, audience, kind, sender, acceptedAt, length, moves]) => {
    const body = length === null ? null : text.slice(at, at + length);
    at += length ?? 0;
    const entry = { seq, id, audience, kind, sender, at: acceptedAt, body };
    return moves === undefined ? entry : { ...entry, moves };
  });
}
