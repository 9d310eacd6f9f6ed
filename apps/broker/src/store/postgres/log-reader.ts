import type { Audience, MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { AudienceMove, LogEntry, LogKind, StoreReads } from "../port.ts";

type LogQuery = Parameters<StoreReads["log"]>[1];

/** One index range per audience, merged, so that neither other audiences nor deleted contents cost anything; one statement, so that a short page means the end. */
const ranges = `SELECT seq, id, key AS audience, kind, sender, at, body FROM (
    SELECT found.seq FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS wanted (key, after, until)
      JOIN audience ON audience.mesh = $1 AND audience.key = wanted.key
      CROSS JOIN LATERAL (
        SELECT seq FROM log WHERE log.mesh = $1 AND log.audience = audience.no
          AND log.seq > wanted.after AND log.seq <= wanted.until AND log.body IS NOT NULL
        ORDER BY seq LIMIT $5) AS found
    ORDER BY found.seq LIMIT $5) AS page
  JOIN log USING (seq) JOIN audience ON audience.no = log.audience
  WHERE log.mesh = $1 ORDER BY seq`;

const appended = `SELECT log.seq, log.id, audience.key AS audience, log.kind, log.sender, log.at, log.body
      FROM mesh JOIN log ON log.mesh = mesh.no JOIN audience ON audience.no = log.audience
      WHERE mesh.id = $1 AND log.seq > $2 AND log.seq <= $3 ORDER BY log.seq LIMIT $4`;

export const logReaderSql = { appended, ranges } as const;

/** What some audiences' members read of a mesh's log. */
export async function readLog(
  pool: pg.Pool,
  mesh: number,
  { after, upTo, audiences, spans = [], limit }: LogQuery,
): Promise<readonly LogEntry[]> {
  const wanted = [
    ...[...new Set(audiences)].map((key): Range => [key, after, upTo]),
    ...spans.map(
      ({ audience, from, until }): Range => [
        audience,
        Math.max(after, from),
        Math.min(upTo, until ?? upTo),
      ],
    ),
  ];
  if (wanted.length === 0 || limit <= 0) return [];
  const values = [mesh, ...[0, 1, 2].map((column) => wanted.map((row) => row[column])), limit];
  const { rows } = await pool.query<LogEntry>({
    name: "ranges",
    text: logReaderSql.ranges,
    values,
  });
  return rows;
}

type Range = readonly [key: Audience, after: number, until: number];

/** Kinds whose entries let nobody enter or leave an audience. */
const movesNobody: ReadonlySet<LogKind> = new Set([
  "call",
  "mention",
  "message",
  "plain",
  "receipt",
]);

/** Everything that was appended after `after`, with who entered or left an audience with it, for those who tell of it. */
export async function readAppended(
  pool: pg.Pool,
  mesh: MeshId,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<readonly LogEntry[]> {
  const { rows } = await pool.query<LogEntry>({
    name: "appended",
    text: logReaderSql.appended,
    values: [mesh, after, upTo, limit],
  });
  const last = rows.at(-1)?.seq;
  if (last === undefined || rows.every(({ kind }) => movesNobody.has(kind))) return rows;
  const moved = await pool.query<AudienceMove & { seq: number }>(
    `SELECT member, audience, from_seq AS seq, true AS enters FROM audience_member JOIN mesh ON mesh.no = audience_member.mesh
        WHERE mesh.id = $1 AND from_seq > $2 AND from_seq <= $3
      UNION ALL
      SELECT member, audience, until_seq, false FROM audience_member JOIN mesh ON mesh.no = audience_member.mesh
        WHERE mesh.id = $1 AND until_seq > $2 AND until_seq <= $3`,
    [mesh, after, last],
  );
  const moves = Map.groupBy(moved.rows, ({ seq }) => seq);
  return rows.map((entry) => {
    const own = moves.get(entry.seq)?.map(({ seq: _, ...move }) => move);
    return own === undefined ? entry : { ...entry, moves: own };
  });
}
