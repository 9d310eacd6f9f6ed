import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { jsonLine } from "../../render/json.ts";
import { shellWord } from "../../runner/shell-word.ts";
import type { LocalRun } from "../run.ts";
import { runCommand } from "./run-command.ts";
import { serviceOf } from "./service-file.ts";

/** Writes the service of this home and enables it. Where the service manager does not take it, it says which commands are left. */
export const run: LocalRun = async ({ enable }, { host, machine, print, note, terminal }) => {
  const service = serviceOf(host);
  await mkdir(dirname(service.path), { recursive: true });
  await writeFile(service.path, service.text, { mode: 0o600 });
  let failure: string | undefined;
  if (enable !== false) {
    for (const command of service.enable) failure ??= await runCommand(command);
  }
  const isEnabled = enable !== false && failure === undefined;
  const { name, path } = service;
  if (machine) return print(jsonLine({ name, path, enabled: isEnabled }));
  const ok = terminal.paint("good", terminal.icons.ok);
  await print(`${ok} ${path} is written${isEnabled ? ` and ${name} enabled` : ""}\n`);
  if (failure !== undefined) note(`it could not be enabled: ${failure}`);
  if (!isEnabled) {
    for (const command of service.enable) note(`next: ${command.map(shellWord).join(" ")}`);
  }
};
