import { resolve } from "node:path";
import { openHome } from "../../device/open-home.ts";
import { readSecret } from "../../terminal/ask-secret.ts";
import { cleanLine } from "../../terminal/clean.ts";
import type { LocalRun } from "../run.ts";
import { printRecord } from "./print-record.ts";

/** Asks for a passphrase, twice at a terminal, and has the device write the file. */
export const run: LocalRun = async (input, context) => {
  const { host, globals, terminal, machine, print, note } = context;
  const path = resolve(String(input.file));
  const passphrase = await readSecret(host, { what: "passphrase", twice: true });
  const device = await openHome(host, note, globals);
  try {
    const done = await device.api.backup.create({ path, passphrase });
    if (machine) return await printRecord(done, context);
    const { meshes, messages } = done;
    await print(
      `${terminal.icons.ok} ${cleanLine(path)}: ${meshes.length === 0 ? "no mesh yet" : meshes.map(cleanLine).join(", ")}, ${messages} messages\n`,
    );
    note("without the passphrase nobody can open it, you included; keep both, apart");
  } finally {
    await device.close();
  }
};
