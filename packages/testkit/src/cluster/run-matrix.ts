import { auditHome, auditRows, type LogAudit, type LogRow } from "../chaos/audit.ts";
import { judgeWith, type Verdict } from "../chaos/verdict.ts";
import { seeded } from "../faults/seeded.ts";
import type { History } from "../history/history.ts";
import { type Cell, cells } from "./cells.ts";
import { Cluster } from "./cluster.ts";
import type { ClusterBug } from "./orders.ts";
import { names, People } from "./people.ts";

export interface MatrixOptions {
  readonly nodes: number;
  readonly seed: number;
  /** how long each fault lasts */
  readonly faultMs: number;
  /** the row of faults is gone through once, and again until so long has passed */
  readonly ms?: number;
  /** which faults, by name; all unless given */
  readonly only?: RegExp;
  readonly bug?: ClusterBug | undefined;
  /** how long PostgreSQL may take to answer a node */
  readonly postgresTimeoutMs?: number;
  /** who writes; everyone unless given */
  readonly writers?: readonly string[];
  /** how long, after the last fault, a message may still take */
  readonly patienceMs?: number;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What one fault did: how many messages there were, and the longest time from writing one to its being shown. */
export interface CellResult {
  readonly name: string;
  readonly sent: number;
  /** told to their writers as not sent */
  readonly refused: number;
  readonly acknowledged: number;
  readonly read: number;
  readonly longestMs: number;
}

export interface MatrixResult extends Verdict {
  readonly nodes: number;
  readonly seed: number;
  readonly cells: readonly CellResult[];
  /** why faults were left out */
  readonly skipped: readonly string[];
}

/** Starts a cluster and people who write, brings one fault after the other over it, and judges the whole history at the end. */
export async function runMatrix(options: MatrixOptions): Promise<MatrixResult> {
  const { nodes, seed, faultMs, ms = 0, only = /./, bug, postgresTimeoutMs, signal } = options;
  const { patienceMs = 60_000, progress = () => {}, writers = names } = options;
  const crashes: string[] = [];
  await using cluster = await Cluster.start({
    nodes,
    random: seeded(seed),
    bug,
    postgresTimeoutMs,
    crashed: (node, how) => crashes.push(`${node} ended with ${how}`),
  });
  await using people = await People.meet(cluster);
  const chosen = cells.filter(({ name }) => only.test(name));
  const can = ({ nats = false }: Cell) => !nats || cluster.nats !== undefined;
  const written: Written[] = [];
  const until = performance.now() + ms;
  do {
    for (const cell of chosen.filter(can)) {
      signal?.throwIfAborted();
      const values = await runCell({ cell, cluster, people, writers, faultMs, patienceMs });
      written.push({ name: cell.name, values });
      progress(cellLine(cellOf(people.history, { name: cell.name, values })));
    }
  } while (performance.now() < until);
  await people.close();
  const log = await auditDatabase(cluster, people);
  const verdict = judgeWith(people, [...crashes, ...pendingAt(people)], log);
  const skipped = chosen.filter((cell) => !can(cell)).map(({ name }) => `${name}: no nats-server`);
  // What the homes know by now counts, too: a reply that a fault swallowed, and a receipt made up for.
  const results = written.map((one) => cellOf(people.history, one));
  return { ...verdict, nodes, seed, cells: results, skipped };
}

interface CellRun {
  readonly cell: Cell;
  readonly cluster: Cluster;
  readonly people: People;
  readonly writers: readonly string[];
  readonly faultMs: number;
  readonly patienceMs: number;
}

/** People write before, during and after the fault; then everything has to arrive. Answers what was written. */
async function runCell(run: CellRun): Promise<string[]> {
  const { cell, cluster, people, faultMs, patienceMs, writers } = run;
  const stop = new AbortController();
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, faultMs));
  await cell.before?.(cluster);
  const writing = people.write(writers, stop.signal);
  try {
    await cell.run({ cluster, pause, busy: () => people.busy(writers) });
  } finally {
    stop.abort();
  }
  const values = await writing;
  await people.settled(values, patienceMs);
  await cell.after?.(cluster);
  return values;
}

interface Written {
  readonly name: string;
  readonly values: readonly string[];
}

/** What became of the messages of one fault, by what is known of them. */
function cellOf({ events }: History, { name, values }: Written): CellResult {
  const began = new Map<string, number>(values.map((value) => [value, 0]));
  const acknowledged = new Set<string>();
  let refused = 0;
  const read = new Set<string>();
  let longestMs = 0;
  for (const { at, kind, value } of events) {
    const start = began.get(value);
    if (start === undefined) continue;
    if (kind === "attempt") began.set(value, at);
    if (kind === "failed") refused += 1;
    if (kind === "acknowledged") acknowledged.add(value);
    if (kind !== "shown" || read.has(value)) continue;
    read.add(value);
    longestMs = Math.max(longestMs, at - start);
  }
  const sent = values.length;
  const counts = { sent, refused, acknowledged: acknowledged.size, read: read.size };
  return { name, ...counts, longestMs };
}

/** One line per fault, and the verdict. */
export function describeMatrix(result: MatrixResult): string[] {
  const { cells, findings, isGood, nodes, report, seed, skipped, stories } = result;
  const { prefix, middle, postfix } = report.lost;
  const lost = prefix.length + middle.length + postfix.length;
  const told = isGood ? [] : [`seed ${seed}`, ...findings.slice(0, 20)];
  const stops = [...stories]
    .slice(0, isGood ? 0 : 10)
    .flatMap(([value, story]) => [`${value}:`, ...story.slice(0, 30).map((line) => `  ${line}`)]);
  return [
    ...cells.map(cellLine),
    ...skipped.map((why) => `skipped: ${why}`),
    ...told,
    ...stops,
    `nodes ${nodes} attempts ${report.attempts} acknowledged ${report.acknowledged} read ${report.shown} again ${report.again} lost ${lost} repeated ${report.duplicated.length} unexpected ${report.unexpected.length}`,
  ];
}

function cellLine({ name, sent, refused, acknowledged, read, longestMs }: CellResult): string {
  const count = (what: string, n: number) => `${what} ${String(n).padStart(5)}`;
  const counts = [count("sent", sent), count("acknowledged", acknowledged), count("read", read)];
  const seconds = (longestMs / 1000).toFixed(2).padStart(6);
  const more = refused === 0 ? [] : [count("refused", refused)];
  return [name.padEnd(52), ...counts, `longest ${seconds} s`, ...more].join("  ");
}

/** The log of their mesh as PostgreSQL itself has it. */
async function auditDatabase(
  { database, databases }: Cluster,
  { mesh: id }: People,
): Promise<LogAudit> {
  const { rows: heads } = await databases.run(database, "SELECT id, no, head_seq FROM mesh");
  const mesh = (heads as { id: string; no: number; head_seq: number }[]).find(
    (one) => one.id === id,
  );
  if (mesh === undefined) throw new Error(`${id} is none of ${heads.length} meshes`);
  const sql = "SELECT mesh, seq, id, kind FROM log ORDER BY seq";
  const { rows } = await databases.run(database, sql);
  const own = (rows as (LogRow & { mesh: number })[]).filter((row) => row.mesh === mesh.no);
  return auditRows(mesh.head_seq, own);
}

const pendingAt = (people: People): string[] =>
  people.names.flatMap((name) =>
    Object.entries(auditHome(people.home(name)).pending)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${name}: ${count} ${what}`),
  );
