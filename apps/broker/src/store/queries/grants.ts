import type { Grants } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { GrantsPut } from "../port.ts";
import type { Schema } from "../schema.ts";

/** Keeps the statement if its version is the highest. False leaves everything as it was. */
export async function putGrants(
  db: Kysely<Schema>,
  mesh: number,
  { grants, hash }: Pick<GrantsPut, "grants" | "hash">,
): Promise<boolean> {
  const { member, version } = grants;
  const row = await db
    .insertInto("grants")
    .values({ mesh, member, version, hash, statement: JSON.stringify(grants) })
    .onConflict((conflict) =>
      conflict
        .columns(["mesh", "member"])
        .doUpdateSet((eb) => ({
          version: eb.ref("excluded.version"),
          hash: eb.ref("excluded.hash"),
          statement: eb.ref("excluded.statement"),
        }))
        .where((eb) => eb("grants.version", "<", eb.ref("excluded.version"))),
    )
    .returning("version")
    .executeTakeFirst();
  return row !== undefined;
}

/** What every member of a mesh that said anything lets others do. */
export async function listGrants(db: Kysely<Schema>, mesh: number): Promise<Grants[]> {
  const rows = await db
    .selectFrom("grants")
    .select("statement")
    .where("mesh", "=", mesh)
    .orderBy("member")
    .execute();
  return rows.map(({ statement }) => JSON.parse(statement) as Grants);
}
