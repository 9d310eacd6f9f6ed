import type { Device } from "@claudemesh/device";
import { cleanLine } from "../terminal/clean.ts";
import type { Terminal } from "../terminal/terminal.ts";

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** So many bytes as people write them: three digits and a unit. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** How far the files on their way are, on one line; undefined while there is none. */
export async function progressLine(
  device: Device,
  { columns }: Pick<Terminal, "columns">,
): Promise<string | undefined> {
  const { items } = await device.api.file.progress({});
  const [one, ...more] = items.filter(({ state }) => state === "running");
  if (one === undefined) return undefined;
  const share = one.bytes === 0 ? 100 : Math.floor((100 * one.done) / one.bytes);
  const others = more.length === 0 ? "" : `, ${more.length} more`;
  const far = `${bytesText(one.done)} of ${bytesText(one.bytes)} (${share} %)${others}`;
  const room = Math.max(8, columns - far.length - 6);
  const name = cleanLine(one.name);
  return `${name.length > room ? `${name.slice(0, room)}…` : name}  ${far}`;
}
