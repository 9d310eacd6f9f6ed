import { type SearchWords, searchWords } from "@claudemesh/protocol";
import { type Kysely, sql } from "kysely";
import type { RecordQuery, RecordRow } from "../records-port.ts";
import type { Schema } from "../schema.ts";
import { asRecord, type RawRecord, recordColumns } from "./records.ts";

interface Match {
  /** whether each of the words is asked for, or one of them is enough */
  readonly all: boolean;
  /** a word's beginning is enough */
  readonly begins: boolean;
}

/** Full-text search in one dialect's words: what has all of the words, or any of them. */
export type FindWords = (
  db: Kysely<Schema>,
  mesh: number,
  query: RecordQuery & { readonly words: readonly string[] } & Match,
) => Promise<readonly RecordRow[]>;

/** words of a question that are looked for */
const wordsMost = 16;

/** What has all the words of `text`, or else their beginnings, or else all with its identifiers taken apart, or else any of them; the best first. */
export async function searchRecords(
  find: FindWords,
  db: Kysely<Schema>,
  mesh: number,
  { text, ...query }: RecordQuery & { readonly text: string },
): Promise<readonly RecordRow[]> {
  if (query.topics.length === 0) return [];
  const typed = searchWords(text);
  for (const { of, ...match } of matches) {
    const asked = [...new Set(of(typed))].slice(0, wordsMost);
    if (asked.length === 0) continue;
    const found = await find(db, mesh, { ...query, words: asked, ...match });
    if (found.length > 0) return found;
  }
  return [];
}

/** From the most to the least exact: what finds something decides. */
const matches: readonly (Match & { of(typed: SearchWords): readonly string[] })[] = [
  { all: true, begins: false, of: ({ words }) => words },
  { all: true, begins: true, of: ({ words }) => words },
  { all: true, begins: false, of: ({ apart }) => apart },
  { all: false, begins: false, of: ({ words, parts }) => [...words, ...parts] },
];

/** FTS5: the index gives its best in order. */
export const findWordsSqlite: FindWords = async (db, mesh, query) => {
  const star = query.begins ? "*" : "";
  const match = query.words.map((word) => `"${word}"${star}`).join(query.all ? " " : " OR ");
  const columns = sql.join(recordColumns.map((column) => sql.ref(`record.${column}`)));
  // Joined in this order: the index finds and ranks, and rows are looked at until there are enough.
  const { rows } = await sql<RawRecord>`SELECT ${columns}
    FROM record_words CROSS JOIN record ON record.no = record_words.rowid
    WHERE record_words MATCH ${match} AND record.mesh = ${mesh} AND record.noun = ${query.noun}
      AND record.topic IN (${sql.join(query.topics)}) AND record.status <> 'gone'
    ORDER BY record_words.rank LIMIT ${query.limit}`.execute(db);
  return rows.map(asRecord);
};

/** PostgreSQL ranks what the index finds. */
export const findWordsPostgres: FindWords = async (db, mesh, query) => {
  const star = query.begins ? ":*" : "";
  const match = query.words.map((word) => `'${word}'${star}`).join(query.all ? " & " : " | ");
  const vector = sql`to_tsvector('simple', record.words)`;
  const asked = sql`to_tsquery('simple', ${match})`;
  const rows = await db
    .selectFrom("record")
    .select(recordColumns)
    .where("mesh", "=", mesh)
    .where("noun", "=", query.noun)
    .where("topic", "in", query.topics)
    .where("status", "!=", "gone")
    .where(sql<boolean>`record.words <> '' AND ${vector} @@ ${asked}`)
    .orderBy(sql`ts_rank_cd(${vector}, ${asked}, 1) DESC, record.version DESC`)
    .limit(query.limit)
    .execute();
  return rows.map(asRecord);
};
