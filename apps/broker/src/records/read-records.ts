import type { MeshRecord, TopicId } from "@claudemesh/protocol";
import type { RecordQuery, RecordRow } from "../store/records-port.ts";
import type { RecordContext } from "./author.ts";
import { notThere } from "./not-there.ts";
import { requirePlace, visiblePlaces } from "./places.ts";
import { sharedGrants } from "./shared-grants.ts";

type Context = Pick<RecordContext, "actor" | "grants" | "roster" | "store">;

/** records and characters of one answer */
const pageRows = 100;
const pageChars = 256 * 1024;

export interface RecordPage {
  readonly items: readonly MeshRecord[];
  readonly more: boolean;
  /** the last version that was looked at */
  readonly before?: number;
}

interface Asked {
  readonly topic?: TopicId | undefined;
  readonly limit?: number | undefined;
}

/** One record, by its place. Throws `not_found` also for what its author does not let the caller see. */
export async function readRecord(
  noun: string,
  { topic, key }: { readonly topic?: TopicId | undefined; readonly key: string },
  ctx: Context,
): Promise<MeshRecord> {
  await requirePlace(topic, ctx, "read");
  const grants = await sharedGrants(ctx);
  const row = await ctx.store.read.record(ctx.actor.mesh, { noun, topic: topic ?? "", key });
  if (row === undefined || row.status === "gone" || !grants.mayRead(row.author)) {
    throw notThere(noun);
  }
  return asMeshRecord(row);
}

/** A page of a noun's records, the newest change first: those of one topic, or all that the caller sees. */
export const listRecords = (
  noun: string,
  asked: Asked & {
    readonly before?: number | undefined;
    readonly statuses?: readonly string[] | undefined;
  },
  ctx: Context,
): Promise<RecordPage> =>
  page(asked, ctx, (query) =>
    ctx.store.read.records(ctx.actor.mesh, {
      ...query,
      noun,
      statuses: asked.statuses,
      before: asked.before,
    }),
  );

/** What full-text search finds among a noun's records, the best first. */
export const searchRecords = (
  noun: string,
  asked: Asked & { readonly text: string },
  ctx: Context,
): Promise<RecordPage> =>
  page(asked, ctx, (query) =>
    ctx.store.read.searchRecords(ctx.actor.mesh, { ...query, noun, text: asked.text }),
  );

async function page(
  { topic, limit = pageRows }: Asked,
  ctx: Context,
  read: (query: Pick<RecordQuery, "topics" | "limit">) => Promise<readonly RecordRow[]>,
): Promise<RecordPage> {
  if (topic !== undefined) await requirePlace(topic, ctx, "read");
  const topics = topic === undefined ? await visiblePlaces(ctx) : [topic];
  const [rows, grants] = await Promise.all([read({ topics, limit: limit + 1 }), sharedGrants(ctx)]);
  const items: MeshRecord[] = [];
  let chars = 0;
  let last: number | undefined;
  for (const row of rows.slice(0, limit)) {
    chars += JSON.stringify(row.written).length;
    if (chars > pageChars && last !== undefined) return { items, more: true, before: last };
    last = row.version;
    if (grants.mayRead(row.author)) items.push(asMeshRecord(row));
  }
  if (rows.length > limit && last !== undefined) return { items, more: true, before: last };
  return { items, more: false };
}

const asMeshRecord = ({ noun, topic, key, version, status, written }: RecordRow): MeshRecord => ({
  noun,
  key,
  ...(topic === "" ? {} : { topic }),
  version,
  status,
  written: [...written],
});
