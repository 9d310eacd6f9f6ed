import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf } from "./data-of.ts";

/** Brings the schema of a stopped broker's data up to date, or says what is missing. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, print, terminal } = context;
  const dry = input.dry === true;
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const done = await upkeep.migrate({ folder: dataOf(input, host), dry });
  if (machine) return await printRecord(done, context);
  const { applied, pending } = done;
  if (pending.length === 0) {
    return print(`${terminal.icons.ok} up to date at ${applied.at(-1)}\n`);
  }
  const what = dry ? "missing" : "applied";
  return print(`${pending.map((name) => `${what}: ${name}`).join("\n")}\n`);
};
