import { MeshError } from "@claudemesh/protocol/light";
import { openHome } from "../device/open-home.ts";
import type { Host } from "../host.ts";
import { cleanLine } from "../terminal/clean.ts";
import { withDaemon } from "./daemon/daemon-of.ts";
import type { LocalContext } from "./run.ts";

/**
 * Where this home is in no mesh yet, makes a mesh of its own, named after this machine, on a broker that runs beside the daemon: no question, no network,
 * no account. Says nothing where there is a mesh already.
 */
export async function firstRun({ host, terminal, print, note }: LocalContext): Promise<void> {
  const device = await openHome(host, note);
  try {
    const { meshes } = await device.whoami();
    if (meshes.length > 0) return;
    const broker = await personalBroker(host);
    const made = await device.api.mesh.create({
      name: host.hostName,
      broker,
      displayName: host.userName,
    });
    const ok = terminal.paint("good", terminal.icons.ok);
    const lines = [
      `${ok} you are ${cleanLine(made.displayName)}, in a mesh of your own: ${made.slug}`,
      `${ok} its broker runs on this machine alone, your keys are in ${host.home}`,
      `To bring claudemesh into every session: ${host.call} install`,
      `To enter someone's mesh: ${host.call} join <link>`,
    ];
    await print(`${lines.join("\n")}\n`);
  } finally {
    await device.close();
  }
}

async function personalBroker(host: Host): Promise<string> {
  if (host.env.CLAUDEMESH_DAEMON === "off") {
    throw new MeshError(
      "unavailable",
      "a mesh of your own needs the daemon, which is switched off",
    );
  }
  return withDaemon(host, async (client) => (await client.route("personal", {})).url);
}
