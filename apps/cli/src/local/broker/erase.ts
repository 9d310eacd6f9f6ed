import { confirmWord } from "../../runner/confirm.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf } from "./data-of.ts";

/** Asks for the member's id once more, then takes away what the broker holds of it. */
export const run: LocalRun = async (input, context) => {
  const { globals, host, machine, print, terminal } = context;
  const [mesh, member] = [String(input.mesh), String(input.member)];
  const what = "Take away what the broker holds of this member";
  await confirmWord({ name: `broker erase ${mesh}`, word: member, what }, globals, host);
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const done = await upkeep.erase({ folder: dataOf(input, host), mesh, member });
  if (machine) return await printRecord(done, context);
  const some = Object.entries(done.rows).filter(([, count]) => count > 0);
  const said = some.map(([table, count]) => `${table} ${count}`).join(", ") || "nothing was left";
  await print(`${terminal.icons.ok} ${cleanLine(member)}: ${said}\n`);
};
