import type { Hash, MemberId, Profile } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** Keeps the statement if it wins: the highest version, on a tie the smaller hash. False leaves everything as it was. */
export async function putProfile(
  db: Kysely<Schema>,
  mesh: number,
  { statement, hash }: { readonly statement: Profile; readonly hash: Hash },
): Promise<boolean> {
  const { member, version } = statement;
  const row = await db
    .insertInto("profile")
    .values({ mesh, member, version, hash, statement: JSON.stringify(statement) })
    .onConflict((conflict) =>
      conflict
        .columns(["mesh", "member"])
        .doUpdateSet((eb) => ({
          version: eb.ref("excluded.version"),
          hash: eb.ref("excluded.hash"),
          statement: eb.ref("excluded.statement"),
        }))
        .where((eb) =>
          eb.or([
            eb("profile.version", "<", eb.ref("excluded.version")),
            eb.and([
              eb("profile.version", "=", eb.ref("excluded.version")),
              eb("profile.hash", ">", eb.ref("excluded.hash")),
            ]),
          ]),
        ),
    )
    .returning("version")
    .executeTakeFirst();
  return row !== undefined;
}

export async function findProfile(
  db: Kysely<Schema>,
  mesh: number,
  member: MemberId,
): Promise<Profile | undefined> {
  const row = await db
    .selectFrom("profile")
    .select("statement")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .executeTakeFirst();
  return row && (JSON.parse(row.statement) as Profile);
}

export async function listProfiles(db: Kysely<Schema>, mesh: number): Promise<Profile[]> {
  const rows = await db
    .selectFrom("profile")
    .select("statement")
    .where("mesh", "=", mesh)
    .orderBy("member")
    .execute();
  return rows.map((row) => JSON.parse(row.statement) as Profile);
}
