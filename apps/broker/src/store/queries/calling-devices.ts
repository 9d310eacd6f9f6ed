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
