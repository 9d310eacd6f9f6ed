import { createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Device } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol/light";
import { openHome } from "../../device/open-home.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import type { LocalRun } from "../run.ts";

/** rows that are asked for at a time */
const page = 500;

/** Writes a head line, each row, and last the signed head: what `audit check` takes. */
export const run: LocalRun = async (input, context) => {
  const { globals, host, machine, note, print, terminal } = context;
  const path = resolve(String(input.file));
  if (existsSync(path)) throw new MeshError("exists", `there is something already: ${path}`);
  const part = `${path}.part`;
  const mesh = typeof input.mesh === "string" ? { mesh: input.mesh } : {};
  const device = await openHome(host, note, globals);
  const wrote = { rows: 0, seq: 0 };
  try {
    await rm(part, { force: true });
    const lines = Readable.from(linesOf(device, mesh, { at: host.now(), wrote }));
    await pipeline(lines, createWriteStream(part, { mode: 0o600, flags: "wx" }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw writing(error, path);
  } finally {
    await device.close();
  }
  if (machine) return await printRecord({ path, ...wrote }, context);
  await print(`${terminal.icons.ok} ${cleanLine(path)}: ${wrote.rows} rows, up to ${wrote.seq}\n`);
  note(`check it anywhere: ${host.call} audit check ${cleanLine(String(input.file))}`);
};

async function* linesOf(
  device: Device,
  mesh: { readonly mesh?: string },
  { at, wrote }: { readonly at: number; readonly wrote: { rows: number; seq: number } },
): AsyncGenerator<string> {
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  let answer = await device.api.audit.list({ ...mesh, after: 0, limit: page });
  const { anchor, head } = answer;
  yield line({ claudemesh: "audit-export", v: 1, mesh: head.mesh, at, anchor });
  // Ends with an answer without rows, whose head is where the chain ends.
  while (answer.items.length > 0) {
    for (const { byName: _by, aboutName: _about, ...row } of answer.items) {
      wrote.rows += 1;
      wrote.seq = row.seq;
      yield line(row);
    }
    answer = await device.api.audit.list({ ...mesh, after: wrote.seq, limit: page });
  }
  yield line({ head: answer.head });
}

function writing(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof MeshError || typeof code !== "string") return error;
  return new MeshError("not_writable", `this cannot be written: ${path}`, { cause: error });
}
