import type { DeviceId, MemberId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { DeviceRow, SeenDevice } from "../port.ts";
import type { Schema } from "../schema.ts";

interface Seen {
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly startSeq: number;
  readonly at: number;
}

/** Records that a device is there, a new one with its cursor at `startSeq`; answers its cursor. */
export async function touchDevice(
  db: Kysely<Schema>,
  mesh: number,
  { member, device, startSeq, at }: Seen,
): Promise<number> {
  const row = await db
    .insertInto("device")
    .values({
      mesh,
      member,
      device,
      start_seq: startSeq,
      cursor_seq: startSeq,
      first_seen_at: at,
      last_seen_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(["mesh", "member", "device"]).doUpdateSet((eb) => ({
        last_seen_at: eb
          .case()
          .when("device.last_seen_at", "<", eb.ref("excluded.last_seen_at"))
          .then(eb.ref("excluded.last_seen_at"))
          .else(eb.ref("device.last_seen_at"))
          .end(),
      })),
    )
    .returning("cursor_seq")
    .executeTakeFirstOrThrow();
  return row.cursor_seq;
}

/** Lets the devices of a member beyond the `most` seen last go: those with a feed, or those that only called. */
export async function dropSilentDevices(
  db: Kysely<Schema>,
  table: "device" | "device_call",
  mesh: number,
  { member, most }: { readonly member: MemberId; readonly most: number },
): Promise<void> {
  const kept = db
    .selectFrom(table)
    .select("device")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .orderBy("last_seen_at", "desc")
    .limit(most);
  await db
    .deleteFrom(table)
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("device", "not in", kept)
    .execute();
}

/** The devices of a mesh, or of one member in it. */
export async function listDevices(
  db: Kysely<Schema>,
  mesh: number,
  member?: MemberId,
): Promise<DeviceRow[]> {
  return await db
    .selectFrom("device")
    .select([
      "member",
      "device",
      "cursor_seq as cursorSeq",
      "first_seen_at as firstSeenAt",
      "last_seen_at as lastSeenAt",
    ])
    .where("mesh", "=", mesh)
    .$if(member !== undefined, (query) => query.where("member", "=", member as MemberId))
    .orderBy("member")
    .orderBy("device")
    .execute();
}

/** Every device of a member that has connected, with a feed or without, the one seen last first. */
export async function listMemberDevices(
  db: Kysely<Schema>,
  mesh: number,
  member: MemberId,
): Promise<SeenDevice[]> {
  const rows = await Promise.all(
    tables.map((table) => seenIn(db, table, mesh).where("member", "=", member).execute()),
  );
  const byDevice = Map.groupBy(rows.flat(), ({ device }) => device);
  const seen = [...byDevice.values()].flatMap((both) => merged(both) ?? []);
  return seen.sort((a, b) => b.lastSeenAt - a.lastSeenAt);
}

/** As `listMemberDevices`, of one device. */
export async function findMemberDevice(
  db: Kysely<Schema>,
  mesh: number,
  { device, member }: { readonly member: MemberId; readonly device: DeviceId },
): Promise<SeenDevice | undefined> {
  const rows = await Promise.all(
    tables.map((table) =>
      seenIn(db, table, mesh)
        .where("member", "=", member)
        .where("device", "=", device)
        .executeTakeFirst(),
    ),
  );
  return merged(rows.filter((row) => row !== undefined));
}

const tables = ["device", "device_call"] as const;

const seenIn = (db: Kysely<Schema>, table: (typeof tables)[number], mesh: number) =>
  db
    .selectFrom(table)
    .select(["device", "first_seen_at as firstSeenAt", "last_seen_at as lastSeenAt"])
    .where("mesh", "=", mesh);

/** When a device was there, with a feed or without. */
function merged(rows: readonly SeenDevice[]): SeenDevice | undefined {
  const [one] = rows;
  return (
    one && {
      device: one.device,
      firstSeenAt: Math.min(...rows.map(({ firstSeenAt }) => firstSeenAt)),
      lastSeenAt: Math.max(...rows.map(({ lastSeenAt }) => lastSeenAt)),
    }
  );
}
