import type { DeviceId, MemberId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** Records that a device called without a feed of its own. */
export async function touchCaller(
  db: Kysely<Schema>,
  mesh: number,
  {
    member,
    device,
    at,
  }: { readonly member: MemberId; readonly device: DeviceId; readonly at: number },
): Promise<void> {
  await db
    .insertInto("device_call")
    .values({ mesh, member, device, first_seen_at: at, last_seen_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(["mesh", "member", "device"])
        .doUpdateSet((eb) => ({ last_seen_at: eb.ref("excluded.last_seen_at") })),
    )
    .execute();
}

/** Lets the callers of a member beyond the `most` seen last go. */
export async function dropSilentCallers(
  db: Kysely<Schema>,
  mesh: number,
  { member, most }: { readonly member: MemberId; readonly most: number },
): Promise<void> {
  const kept = db
    .selectFrom("device_call")
    .select("device")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .orderBy("last_seen_at", "desc")
    .limit(most);
  await db
    .deleteFrom("device_call")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("device", "not in", kept)
    .execute();
}
