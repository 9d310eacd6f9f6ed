import { MeshError } from "@claudemesh/protocol";
import { loadConfig } from "./config/load.ts";
import { loadSecrets } from "./config/secrets.ts";
import { createBroker } from "./context.ts";

/** Runs a broker as this process until SIGTERM or SIGINT. Prints one JSON line on stdout when ready; an error is one JSON line on stderr. */
export async function runBroker(args: readonly string[]): Promise<void> {
  try {
    const warn = (message: string) => process.stderr.write(`${message}\n`);
    const config = loadConfig({ env: process.env, args, warn });
    const broker = await createBroker(config, { secrets: await loadSecrets(process.env, args) });
    const stop = () => void broker.stop().then(() => process.exit(0), fail);
    process.once("SIGTERM", stop).once("SIGINT", stop);
    if (config.tlsCert !== "") process.on("SIGHUP", broker.reload);
    try {
      await broker.start();
    } catch (error) {
      await broker.stop();
      throw error;
    }
    process.stdout.write(`${JSON.stringify({ ready: true, url: broker.url })}\n`);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  const known =
    error instanceof MeshError
      ? error
      : new MeshError("internal", error instanceof Error ? error.message : "something unexpected");
  process.stderr.write(`${JSON.stringify({ error: known.toBody() })}\n`);
  process.exitCode = known.row.exit;
}
