import type { DaemonStatus } from "@claudemesh/local-link";
import { jsonLine, project } from "../../render/json.ts";
import { age, length } from "../../terminal/age.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { table } from "../../terminal/table.ts";
import type { LocalRun } from "../run.ts";
import { ifRunning } from "./daemon-of.ts";

const askMs = 5_000;

/** Prints how the daemon and each mesh stand; that it does not run is an answer. */
export const run: LocalRun = async (_input, { host, globals, machine, print, note, terminal }) => {
  const status = await ifRunning(host, (client) => client.route("status", {}, askMs));
  if (machine) {
    const record = status === undefined ? { running: false } : { running: true, ...status };
    return print(jsonLine(globals.project ? project(record, globals.project) : record));
  }
  if (status === undefined) {
    note(`next: any verb starts it, as does ${host.call} daemon start`);
    return print("The daemon is not running.\n");
  }
  const { pid, version, uptimeMs, memory, meshes } = status;
  const size = `${(memory.rssBytes / 1e6).toFixed(0)} MB`;
  const lines = [
    `The daemon runs: process ${pid}, version ${version}, for ${length(uptimeMs)}, ${size}.`,
  ];
  if (meshes.length > 0) {
    const columns = [
      { title: "mesh" },
      { title: "link" },
      { title: "queued" },
      { title: "unread" },
      { title: "broker", flexible: true },
    ];
    const rows = meshes.map((mesh) => [
      cleanLine(mesh.slug),
      `${mesh.link} ${age(mesh.since, host.now())}`,
      String(mesh.queued),
      String(mesh.unread),
      mesh.broker,
    ]);
    lines.push(...table(columns, rows, terminal));
  }
  for (const mesh of meshes) lines.push(...troubleOf(mesh, host.now()));
  await print(`${lines.join("\n")}\n`);
};

function troubleOf(mesh: DaemonStatus["meshes"][number], now: number): string[] {
  if (mesh.reason === undefined || mesh.link !== "waiting") return [];
  const next = mesh.retryAt === undefined ? "" : `; tried again ${age(mesh.retryAt, now)}`;
  return [`${cleanLine(mesh.slug)}: ${cleanLine(mesh.reason)}${next}`];
}
