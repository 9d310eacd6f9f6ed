import { resolve } from "node:path";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import { brokerFlags } from "../broker-settings.ts";
import type { LocalRun } from "../run.ts";
import { dataOf, sizeText } from "./data-of.ts";

/** Copies a broker's data folder beside the running broker. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, note, print, terminal } = context;
  const upkeep = await host.loadUpkeep(brokerFlags(input));
  const to = resolve(String(input.folder));
  let told = 0;
  const done = await upkeep.backup({ folder: dataOf(input, host), to }, (pages, total) => {
    const tenth = Math.floor((pages * 10) / Math.max(1, total));
    // Its end is told by the answer.
    if (tenth === told || pages === total) return;
    told = tenth;
    note(`${tenth * 10} %`);
  });
  if (machine) return await printRecord(done, context);
  const meshes = done.meshes.length === 1 ? "1 mesh" : `${done.meshes.length} meshes`;
  await print(
    `${terminal.icons.ok} ${cleanLine(to)}: ${meshes}, ${sizeText(done.bytes)}, checked\n`,
  );
  note(
    done.keys
      ? "it holds the broker's keys: keep it as you keep the broker"
      : "the broker has no keys yet: none are in it",
  );
};
