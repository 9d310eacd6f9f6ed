import { join, resolve } from "node:path";
import type { Host } from "../../host.ts";

/** The data folder that a verb means: its flag, else the environment's, else the home's own broker. */
export const dataOf = (input: Readonly<Record<string, unknown>>, host: Host): string => {
  if (typeof input.dataDir === "string") return resolve(input.dataDir);
  return resolve(host.env.CLAUDEMESH_DATA || join(host.home, "broker"));
};

const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** `12.3 MB`: a size as people read it. */
export function sizeText(bytes: number): string {
  let unit = 0;
  let rest = bytes;
  for (; rest >= 1000 && unit < units.length - 1; unit++) rest /= 1000;
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`;
}
