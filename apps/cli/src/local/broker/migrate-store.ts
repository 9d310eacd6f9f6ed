import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf } from "./data-of.ts";

/** Moves the store of a stopped broker to a PostgreSQL database, and says what was read back there. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, note, print, terminal } = context;
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const tables = await upkeep.migrateStore({ folder: dataOf(input, host) }, ({ table, rows }) => {
    if (rows > 0) note(`${table}: ${rows}`);
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  if (machine) return await printRecord({ rows, tables }, context);
  await print(
    `${terminal.icons.ok} moved and read back: ${rows} rows in ${tables.length} tables\n`,
  );
  note("start the broker with the same DATABASE_URL and data folder, which keeps its keys");
};
