import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf } from "./data-of.ts";

/** A damaged file's own exit code (`home_damaged`). */
const damaged = 8;

/** Says of each thing that was checked whether it holds. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, print, terminal } = context;
  const { icons, paint } = terminal;
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const items = await upkeep.check({ folder: dataOf(input, host) }, () => {});
  const ok = items.every((item) => item.ok);
  if (machine) await printRecord({ ok, items }, context);
  else {
    const lines = items.map(({ what, mesh, detail, ...item }) => {
      const mark = item.ok ? paint("good", icons.ok) : paint("bad", icons.bad);
      const of = mesh === undefined ? "" : ` of ${mesh.slice(0, 17)}`;
      return `${mark} ${what}${of}: ${cleanLine(detail)}`;
    });
    await print(`${lines.join("\n")}\n`);
  }
  return ok ? 0 : damaged;
};
