import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { jsonLine } from "../../render/json.ts";
import type { LocalRun } from "../run.ts";
import { runCommand } from "./run-command.ts";
import { serviceOf } from "./service-file.ts";

/** Disables the service of this home and removes its file; one that is not there is no error. */
export const run: LocalRun = async (_input, { host, machine, print, note, terminal }) => {
  const { name, path, disable } = serviceOf(host);
  const was = existsSync(path);
  if (was) {
    for (const command of disable) {
      const failure = await runCommand(command);
      if (failure !== undefined) note(`it could not be disabled: ${failure}`);
    }
    await rm(path, { force: true });
  }
  if (machine) return print(jsonLine({ name, path, removed: was }));
  const ok = terminal.paint("good", terminal.icons.ok);
  await print(was ? `${ok} ${path} is removed\n` : "There is no service of this home.\n");
};
