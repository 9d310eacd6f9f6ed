import { resolve } from "node:path";
import { openHome } from "../../device/open-home.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import type { LocalRun } from "../run.ts";

/** Has the device read and publish what lies there; a path is meant from where this is run. */
export const run: LocalRun = async ({ source, ...rest }, context) => {
  const { host, globals, terminal, machine, print, note } = context;
  const typed = String(source);
  const place = typed.includes("://") ? typed : resolve(typed);
  const device = await openHome(host, note, globals);
  try {
    const done = await device.api.skill.deploy({ ...rest, source: place });
    if (machine) return await printRecord(done, context);
    for (const { name, pending } of done.items) {
      const how = pending ? " waits for the broker" : " is shared";
      await print(`${terminal.paint("good", terminal.icons.ok)} skill ${cleanLine(name)}${how}.\n`);
    }
    note("others' agents get it once a person there has said: claudemesh skill trust <name>");
  } finally {
    await device.close();
  }
};
