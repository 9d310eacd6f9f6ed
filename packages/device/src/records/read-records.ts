import { MeshError, type MeshRecord } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { refreshMembers } from "../ops/refresh-members.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { pendingWrites } from "../store/pending-writes.ts";
import { profilesOf } from "../store/profiles.ts";
import { boundRecords, markRecordsRead, recordRows, recordsReadAt } from "../store/record-rows.ts";
import { allowedTo } from "../trust/keep-grants.ts";
import { type KnownRecord, keepRecord } from "./keep-record.ts";
import { type ShownRecord, withPending } from "./pending.ts";
import { sendPending } from "./send-pending.ts";

export interface RecordsRead {
  readonly items: readonly ShownRecord[];
  /** 0 where the broker was asked just now */
  readonly ageMs: number;
}

/**
 * Reads records: by `ask` at the broker, each verified and kept, or, while that cannot be reached, what is kept here, with its age. What waits here for the broker is shown on top, as
 * pending; `fits` says which of what is here are meant, and members whom this one has blocked are left out.
 */
export async function readRecords(
  ctx: DeviceContext,
  row: MembershipRow,
  noun: string,
  ask: (client: Client) => Promise<readonly MeshRecord[]>,
  fits: (record: MeshRecord) => boolean,
): Promise<RecordsRead> {
  const { known, ageMs } = await fetchRecords(ctx, row, noun, ask, fits);
  const all = withPending(noun, known, pendingWrites(ctx.store, row.mesh), row.member);
  const items = all.filter(
    ({ record, pending }) => (!pending || fits(record)) && !isBlocked(ctx, row, record),
  );
  return { items, ageMs };
}

async function fetchRecords(
  ctx: DeviceContext,
  row: MembershipRow,
  noun: string,
  ask: (client: Client) => Promise<readonly MeshRecord[]>,
  fits: (record: MeshRecord) => boolean,
): Promise<{ readonly known: readonly KnownRecord[]; readonly ageMs: number }> {
  const { mesh } = row;
  const askedAt = ctx.now();
  try {
    await sendPending(ctx, row);
    const known = await ctx.links.using(row, async (link) => {
      const records = await ask(link.client);
      await knowAuthors(ctx, row, link, records);
      return ctx.store.write(() => {
        const kept = records.map((one) => keepRecord(ctx, row, one, askedAt));
        markRecordsRead(ctx.store, mesh, noun, ctx.now());
        boundRecords(ctx.store, mesh, noun);
        return kept;
      });
    });
    return { known: known.filter(({ record }) => record.status !== "gone"), ageMs: 0 };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const known = recordRows(ctx.store, mesh, noun).filter(({ record }) => fits(record));
    const readAt = recordsReadAt(ctx.store, mesh, noun);
    const isEmpty = known.length === 0 && pendingWrites(ctx.store, mesh).length === 0;
    if (readAt === undefined && isEmpty) throw offline(error, row);
    return { known, ageMs: Math.max(1, ctx.now() - (readAt ?? ctx.now())) };
  }
}

/** Who wrote may have joined since the roster was read, or have a name that is not known here. */
async function knowAuthors(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  records: readonly MeshRecord[],
): Promise<void> {
  const roster = ctx.rosters.of(row.mesh);
  const profiles = profilesOf(ctx.store, row.mesh);
  const isStrange = records.some(({ written }) =>
    written.some(({ by }) => !roster.members.has(by) || !profiles.has(by)),
  );
  if (isStrange) await refreshMembers(ctx, row, link);
}

const isBlocked = (ctx: DeviceContext, row: MembershipRow, { written }: MeshRecord): boolean =>
  written.some(({ by }) => by !== row.member && allowedTo(ctx, row, by).length === 0);

const offline = (error: unknown, { slug }: MembershipRow): unknown =>
  error instanceof MeshError
    ? new MeshError(error.code, `${error.message}; nothing of ${slug} is kept here yet`, {
        hint: "run it again when the broker can be reached",
        cause: error,
      })
    : error;
