import { jsonLine } from "../../render/json.ts";
import type { LocalRun } from "../run.ts";
import { ensureDaemon, ifRunning } from "./daemon-of.ts";

/** Starts the daemon of this home, unless it runs. */
export const run: LocalRun = async (_input, { host, machine, print, terminal }) => {
  const before = await ifRunning(host, (client) => client.route("hello", {}));
  const { pid, version } = await ensureDaemon(host);
  const started = before?.pid !== pid;
  if (machine) return print(jsonLine({ pid, version, started }));
  const ok = terminal.paint("good", terminal.icons.ok);
  await print(`${ok} the daemon ${started ? "runs" : "ran already"}: process ${pid}\n`);
};
