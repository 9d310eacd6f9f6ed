import { resolve } from "node:path";
import { age } from "../../terminal/age.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf } from "./data-of.ts";

/** Makes a data folder of a backup; what was there is kept beside it. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, note, print, terminal } = context;
  const folder = dataOf(input, host);
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const from = resolve(String(input.folder));
  const wish = { from, folder, force: input.force === true };
  const done = await upkeep.restore(wish, ({ table, rows }) => {
    if (rows > 0) note(`${table}: ${rows}`);
  });
  if (machine) return await printRecord(done, context);
  const meshes = done.meshes.length === 1 ? "1 mesh" : `${done.meshes.length} meshes`;
  await print(
    `${terminal.icons.ok} ${cleanLine(folder)}: ${meshes}, as of ${age(done.at, host.now())}\n`,
  );
  if (done.aside !== undefined) note(`what was here before: ${done.aside}`);
  note(`start it with: ${host.call} broker start --data ${cleanLine(folder)}`);
};
