import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Child, startChild } from "../child.ts";

const main = join(dirname(dirname(import.meta.dirname)), "apps/broker/src/main.ts");

export interface BrokerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The real broker in its own process on a fresh folder, with rate limits raised so that the store is what limits. */
export async function startBroker(): Promise<BrokerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "claudemesh-bench-"));
  const raised = [
    "--rate-message",
    "1000000/1000000",
    "--rate-join",
    "1000000/1000000",
    "--rate-write",
    "1000000/1000000",
    "--log-level",
    "warn",
  ];
  const child: Child = await startChild(main, ["--port", "0", "--data-dir", folder, ...raised]);
  return {
    url: String(child.ready.url),
    pid: child.pid,
    stop: async () => {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
