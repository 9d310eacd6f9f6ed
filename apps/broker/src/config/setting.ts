import type { ValueType } from "./values.ts";

/** What settings are about, in the order in which help shows them. */
export const settingGroups = {
  reached: "where it is",
  strangers: "TLS, proxies and browsers",
  secrets: "secrets, each in a file that only the broker's user can read",
  watching: "logs and traces",
  store: "store",
  files: "files",
  jobs: "jobs",
  bounds: "bounds",
  patience: "how long it waits",
  rates: "rates, as <per second>/<burst>",
  kept: "how long things are kept",
} as const;

/** Which group a setting is shown in. */
export type SettingGroup = keyof typeof settingGroups;

/** One row of the table of settings. */
export interface Setting<T> {
  readonly group: SettingGroup;
  readonly env: string;
  readonly flag: string;
  readonly type: ValueType<T>;
  readonly default: T;
  readonly desc: string;
}

/** A row whose variable is derived from its flag. */
export const setting = <T>(
  group: SettingGroup,
  name: string,
  type: ValueType<T>,
  initial: T,
  desc: string,
): Setting<T> => ({
  group,
  env: `CLAUDEMESH_${name.toUpperCase().replaceAll("-", "_")}`,
  flag: `--${name}`,
  type,
  default: initial,
  desc,
});
