import { resolve } from "node:path";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf } from "./data-of.ts";

/** Writes one mesh's rows to a file, also while the broker runs. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, note, print, terminal } = context;
  const to = resolve(String(input.file));
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const folder = dataOf(input, host);
  const done = await upkeep.exportMesh({ folder, mesh: String(input.mesh), to });
  if (machine) return await printRecord(done, context);
  const rows = Object.values(done.rows).reduce((sum, count) => sum + count, 0);
  await print(`${terminal.icons.ok} ${cleanLine(to)}: ${rows} rows of ${done.mesh}\n`);
  note("contents in it stay encrypted; names, times and who wrote to whom do not");
};
