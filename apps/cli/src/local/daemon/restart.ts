import { jsonLine } from "../../render/json.ts";
import type { LocalRun } from "../run.ts";
import { endDaemon, ensureDaemon } from "./daemon-of.ts";

/** Ends the daemon of this home, where it runs, and starts it. */
export const run: LocalRun = async (_input, { host, machine, print, terminal }) => {
  await endDaemon(host);
  const { pid, version } = await ensureDaemon(host);
  if (machine) return print(jsonLine({ pid, version, started: true }));
  const ok = terminal.paint("good", terminal.icons.ok);
  await print(`${ok} the daemon runs anew: process ${pid}\n`);
};
