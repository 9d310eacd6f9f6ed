import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf, sizeText } from "./data-of.ts";

/** Makes the database of a stopped broker as small as what it holds. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, print, terminal } = context;
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const done = await upkeep.vacuum({ folder: dataOf(input, host) });
  if (machine) return await printRecord(done, context);
  const { before, after } = done;
  await print(`${terminal.icons.ok} ${sizeText(before)} before, ${sizeText(after)} now\n`);
};
