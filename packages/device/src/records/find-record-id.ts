import type { Client } from "@claudemesh/sdk";
import type { z } from "zod";
import type { DeviceContext } from "../context.ts";
import { idByEnd } from "../names/id-by-end.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { pendingWrites } from "../store/pending-writes.ts";
import { recordRows } from "../store/record-rows.ts";
import { withPending } from "./pending.ts";
import { type PageReader, readPages } from "./read-pages.ts";
import { readRecords } from "./read-records.ts";

/** characters of an end that are taken to name one of what is known here, without asking the broker for the rest */
const sureChars = 8;

interface Named<S extends z.ZodType<string>> {
  readonly noun: string;
  readonly id: S;
  readonly list: (client: Client) => PageReader;
}

/**
 * The id of a record that is named by it or by its end: of what is kept or waits here, or else of what the broker has. Throws as `idByEnd`.
 */
export async function findRecordId<S extends z.ZodType<string>>(
  ctx: DeviceContext,
  row: MembershipRow,
  typed: string,
  { noun, id, list }: Named<S>,
): Promise<z.output<S>> {
  const whole = id.safeParse(typed);
  if (whole.success) return whole.data;
  const kept = recordRows(ctx.store, row.mesh, noun);
  const known = withPending(noun, kept, pendingWrites(ctx.store, row.mesh), row.member)
    .map(({ record }) => record.key)
    .filter((key) => key.endsWith(typed));
  const [only, more] = known;
  if (only !== undefined && more === undefined && typed.length >= sureChars) return id.parse(only);
  const { items } = await readRecords(
    ctx,
    row,
    noun,
    (client) => readPages(list(client)),
    () => true,
  );
  const ids = items.map(({ record }) => record.key);
  return id.parse(idByEnd(typed, ids, `claudemesh ${noun} list shows those that there are`));
}
