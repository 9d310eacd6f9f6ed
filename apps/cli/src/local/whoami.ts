import { openHome } from "../device/open-home.ts";
import { jsonLine, jsonStream, project } from "../render/json.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { LocalRun } from "./run.ts";

/** Prints who this home is in each of its meshes. */
export const run: LocalRun = async (_input, { host, globals, terminal, machine, print, note }) => {
  const device = await openHome(host, note, globals);
  try {
    const { home, meshes } = await device.whoami();
    if (machine) {
      const record = { home, items: meshes };
      const shown = globals.project ? project(record, globals.project) : record;
      return await print(globals.stream ? jsonStream(shown) : jsonLine(shown));
    }
    note(`home: ${home}`);
    if (meshes.length === 0) {
      note(`next: ${host.call} up starts a mesh here; ${host.call} join <link> enters another's`);
      return await print("You are nobody yet: this home is in no mesh.\n");
    }
    const rows = meshes.map((mesh) => [
      cleanLine(mesh.slug),
      cleanLine(mesh.displayName),
      mesh.key,
      mesh.broker,
    ]);
    const columns = [
      { title: "mesh" },
      { title: "you", flexible: true },
      { title: "key" },
      { title: "broker", flexible: true },
    ];
    await print(`${table(columns, rows, terminal).join("\n")}\n`);
  } finally {
    await device.close();
  }
};
