import table from "../../generated/broker-fields.json" with { type: "json" };
import type { Field } from "../../runner/field.ts";

/** What holds without a flag here, and not in the broker's own program. */
const defaults: Readonly<Record<string, string>> = { data: "<home>/broker", "log-level": "warn" };

/** The broker's own settings as flags, and its secrets as paths of files. */
export const brokerFields: readonly Field[] = (table as readonly Field[]).map((field) => {
  const fallback = defaults[field.flag];
  return fallback === undefined ? field : { ...field, default: fallback };
});

const withoutGroup = ({ group, ...field }: Field): Field => field;
const flags = (...wanted: readonly string[]): readonly Field[] =>
  brokerFields.filter(({ flag }) => wanted.includes(flag)).map(withoutGroup);

/** Where a broker listens. */
export const listeningFields = flags("data", "host", "port", "public-url");

/** Which store the upkeep is of. */
export const storeFields = flags("data", "database-owner-url-file", "database-url-file");
