import { secretSettings, settingGroups, settings } from "@claudemesh/broker";
import type { Field } from "../apps/cli/src/runner/field.ts";

const numbers: ReadonlySet<string> = new Set(["bytes", "count", "ms", "port"]);

/** A setting's default as help and the reference show it; "none" for nothing. */
export function shownDefault(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ") || "none";
  if (typeof value === "object" && value !== null) return Object.values(value).join("/") || "none";
  return value === "" ? "none" : String(value);
}

const units: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  bytes: [
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ],
  ms: [
    [86_400_000, "days"],
    [1_000, "s"],
  ],
};

/** A large number also in the unit that people count it in: `2147483648, which is 2 GiB`. */
function readable(type: string, value: unknown): string {
  const shown = shownDefault(value);
  const unit = units[type]?.find(([size]) => Number(value) % size === 0);
  return unit === undefined ? shown : `${shown}: ${Math.round(Number(value) / unit[0])} ${unit[1]}`;
}

function kindOf(type: string): Field["kind"] {
  if (type === "true or false") return "boolean";
  return numbers.has(type) ? "number" : "text";
}

/** The flags of `broker start`, from the broker's own tables of settings and secrets, by group. */
export function brokerFieldsFile(): string {
  const order = Object.keys(settingGroups);
  const own = Object.entries(settings).map(([name, row]) => {
    const shown = readable(row.type.name, row.default);
    return {
      name,
      flag: row.flag.slice(2),
      kind: kindOf(row.type.name),
      required: false,
      description: row.desc,
      ...(row.type.choices === undefined ? {} : { choices: row.type.choices }),
      ...(shown === "none" || row.default === false ? {} : { default: shown }),
      group: row.group,
    };
  });
  const secrets = Object.entries(secretSettings).map(([name, { desc, flag }]) => ({
    name: `${name}File`,
    flag: flag.slice(2),
    kind: "text" as const,
    required: false,
    description: desc,
    group: "secrets" as const,
  }));
  const fields: readonly Field[] = [...own, ...secrets]
    .sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group))
    .map((field) => ({ ...field, group: settingGroups[field.group] }));
  return `${JSON.stringify(fields, null, 1)}\n`;
}
