import { jsonLine } from "../../render/json.ts";
import type { LocalRun } from "../run.ts";
import { daemonOf } from "./daemon-of.ts";

/** Runs the daemon in this process, until Ctrl-C or until someone stops it. */
export const run: LocalRun = async (_input, { host, machine, print, note }) => {
  const ready = Promise.withResolvers<void>();
  const ended = daemonOf(host).run(ready.resolve);
  await Promise.race([ready.promise, ended]);
  if (machine) await print(jsonLine({ pid: process.pid, version: host.version }));
  else await print(`The daemon of ${host.home} runs. Ctrl-C stops it.\n`);
  note(`stopped: ${await ended}`);
};
