import { resolve } from "node:path";
import { errorTable } from "@claudemesh/protocol/light";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import type { LocalRun } from "../run.ts";

/** Checks an export with nothing but the file. */
export const run: LocalRun = async (input, context) => {
  const { host, machine, note, print, terminal } = context;
  const { icons, paint } = terminal;
  const upkeep = await host.loadUpkeep();
  const done = await upkeep.checkAuditFile({
    file: resolve(String(input.file)),
    key: typeof input.key === "string" ? input.key : undefined,
    seen: typeof input.seen === "string" ? resolve(input.seen) : undefined,
  });
  const { first, head, rows, valid } = done;
  if (machine) await printRecord(done, context);
  else if (valid) {
    await print(`${paint("good", icons.ok)} ${rows} rows hold, up to row ${head.seq}\n`);
    if (input.key === undefined) note(`signed by ${head.key}; with --key it must be that one`);
  } else {
    await print(`${paint("bad", icons.bad)} row ${first?.seq}: ${cleanLine(first?.why ?? "")}\n`);
  }
  return valid ? 0 : errorTable.log_mismatch.exit;
};
