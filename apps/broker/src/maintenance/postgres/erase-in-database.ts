import { audienceOf, type MemberId, type RosterEntry } from "@claudemesh/protocol";
import type pg from "pg";
import { openPostgresStore } from "../../store/postgres/open.ts";
import { systemTimer } from "../../timer.ts";
import type { MeshFacts } from "../check-database.ts";
import { erasures } from "../erasures.ts";
import { oneNamed } from "../export-mesh.ts";
import { requireGone } from "../require-gone.ts";
import { alone, type Database, requireCurrent } from "./database.ts";

export interface DatabaseErasure {
  /** id or slug */
  readonly mesh: string;
  readonly member: MemberId;
  readonly at: number;
}

/** As `eraseMember`, in a database that no broker uses. What was freed the server overwrites with `broker vacuum`. */
export async function eraseInDatabase(
  database: Database,
  { mesh, member, at }: DatabaseErasure,
): Promise<Readonly<Record<string, number>>> {
  const { facts, rows } = await alone(database, async (client) => {
    await requireCurrent(client);
    await client.query("BEGIN");
    const meshes = await client.query<Pick<MeshFacts, "id" | "no" | "slug">>(
      "SELECT no, id, slug FROM mesh ORDER BY no",
    );
    const found = oneNamed(meshes.rows, mesh);
    const roster = await client.query<{ entry: string }>(
      "SELECT entry FROM roster WHERE mesh = $1 ORDER BY seq",
      [found.no],
    );
    const entries = roster.rows.map(({ entry }) => JSON.parse(entry) as RosterEntry);
    requireGone(entries, found.id, member);
    const values = { mesh: found.no, member, at, audience: audienceOf(member) };
    const done = await eraseRows(client, values);
    await client.query("COMMIT");
    return { facts: found, rows: done };
  });
  const store = await openPostgresStore({ ...database, now: () => at, timer: systemTimer });
  try {
    await store.write.appendAudit({ mesh: facts.id, at, act: "member.erase", about: member });
  } finally {
    await store.close();
  }
  return rows;
}

async function eraseRows(
  client: pg.Client,
  values: Readonly<Record<string, number | string>>,
): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const [table, statements] of Object.entries(erasures)) {
    for (const statement of statements) {
      const { text, names } = numbered(statement);
      const { rowCount } = await client.query(
        text,
        names.map((name) => values[name]),
      );
      rows[table] = (rows[table] ?? 0) + (rowCount ?? 0);
    }
  }
  return rows;
}

/** The statement with PostgreSQL's numbered parameters in place of named ones, and its word for `instr`. */
function numbered(statement: string): { readonly text: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const text = statement.replaceAll("instr(", "strpos(").replaceAll(/:([a-z]+)\b/g, (_, name) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, names };
}
