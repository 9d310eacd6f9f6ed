import { join } from "node:path";
import { openHome } from "../device/open-home.ts";
import type { RunningBroker } from "../host.ts";
import { joinLine } from "../render/join-line.ts";
import { jsonLine } from "../render/json.ts";
import { cleanLine } from "../terminal/clean.ts";
import { brokerSettings } from "./broker-settings.ts";
import { exposureNotes } from "./exposure.ts";
import { firstMesh, type Ready } from "./first-mesh.ts";
import type { LocalContext, LocalRun } from "./run.ts";
import { untilAsked } from "./until-asked.ts";

/** Starts a broker in this process, with a mesh and a first invite, and stays until Ctrl-C. */
export const run: LocalRun = async (input, context) => {
  const { host } = context;
  const name = typeof input.name === "string" ? input.name : host.userName;
  // A shell often has the database of the project that is worked on; that is not where somebody's own mesh belongs.
  const settings = { ...brokerSettings(input, host), isEmbedded: true };
  const start = await host.loadBroker();
  const running = await start(settings);
  try {
    const ready = await prepare(running, name, context);
    await announce(ready, running, context);
    await untilAsked(host.signal);
  } finally {
    await running.stop();
  }
  context.note("stopped; everything acknowledged is stored");
};

async function prepare(
  running: RunningBroker,
  name: string,
  { host, note }: LocalContext,
): Promise<Ready> {
  const device = await openHome(host, note, { daemon: false });
  try {
    return await firstMesh(device, running, { name, host });
  } finally {
    await device.close();
  }
}

async function announce(
  { mesh, displayName, invite, isNew }: Ready,
  running: RunningBroker,
  context: LocalContext,
): Promise<void> {
  const { host, terminal } = context;
  if (context.machine) return context.print(jsonLine({ url: running.url, mesh, invite }));
  for (const line of exposureNotes(running, host)) context.note(line);
  const ok = terminal.paint("good", terminal.icons.ok);
  const who = `${cleanLine(displayName)}, ${isNew ? "owner of the new mesh" : "in the mesh"} ${mesh.slug}`;
  const lines = [
    `${ok} broker at ${running.url}, data in ${running.dataDir}`,
    `${ok} you are ${who}`,
  ];
  if (invite) {
    const alone = `CLAUDEMESH_HOME=${join(host.tempDir, "claudemesh-bob")}`;
    lines.push(
      "The other person runs:",
      `  ${joinLine(host.call, invite.link, "<their-name>")}`,
      "To try it alone, in a second terminal:",
      `  ${alone} ${joinLine(host.call, invite.link, "bob")}`,
    );
  } else {
    lines.push(`To let someone in, in another terminal: ${host.call} invite --mesh ${mesh.slug}`);
  }
  lines.push("Ctrl-C stops the broker.");
  return context.print(`${lines.join("\n")}\n`);
}
