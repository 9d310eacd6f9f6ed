import type { OpenInput } from "@claudemesh/protocol";
import { openHome } from "../../device/open-home.ts";
import { readSecret } from "../../terminal/ask-secret.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import type { LocalRun } from "../run.ts";

/** Reads the value, at a terminal twice and unseen, and has the device seal it. */
export const run: LocalRun = async (input, context) => {
  const { host, globals, terminal, machine, print, note } = context;
  const value = await readSecret(host, { what: "value", twice: true });
  const device = await openHome(host, note, globals);
  try {
    const kept = await device.api.vault.set({ ...input, value } as OpenInput<"vault.set">);
    if (machine) return await printRecord(kept, context);
    await print(
      `${terminal.paint("good", terminal.icons.ok)} ${cleanLine(kept.key)} is in your vault, version ${kept.version}.\n`,
    );
  } finally {
    await device.close();
  }
};
