import { postRaw, socketOf } from "@claudemesh/local-link/raw";
import { runHook } from "../src/hook/run-hook.ts";
import { placeOf, startDaemon } from "./light.ts";

/** An agent waits for its hooks: after so long it goes on without us. */
const patienceMs = 1_000;
/** At its start it may wait for the daemon to come up. */
const startPatienceMs = 3_000;

/** `claudemesh hook` as the whole of a process; always exit code 0. */
export async function run(home: string): Promise<void> {
  const leave = () => process.exit(0);
  let late = setTimeout(leave, patienceMs);
  process.stdout.on("error", leave);
  const place = placeOf(home);
  await runHook({
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
    parent: process.ppid,
    call: `${process.pid}-${process.hrtime.bigint()}`,
    post: (path, body) => postRaw(socketOf(place), path, body, startPatienceMs),
    start: () => {
      clearTimeout(late);
      late = setTimeout(leave, startPatienceMs);
      return startDaemon(home);
    },
  });
  leave();
}
