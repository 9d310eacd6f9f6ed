import { jsonLine } from "../../render/json.ts";
import type { LocalRun } from "../run.ts";
import { endDaemon } from "./daemon-of.ts";

/** Ends the daemon of this home. */
export const run: LocalRun = async (_input, { host, machine, print, terminal }) => {
  const stopped = await endDaemon(host);
  if (machine) return print(jsonLine({ stopped }));
  const ok = terminal.paint("good", terminal.icons.ok);
  await print(stopped ? `${ok} the daemon is stopped\n` : "The daemon was not running.\n");
};
