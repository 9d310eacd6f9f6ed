import { readFileSync } from "node:fs";

/** A committed vector file, as plain JSON. */
export const vectors = <T>(format: string): T =>
  JSON.parse(readFileSync(new URL(`../../vectors/${format}.json`, import.meta.url), "utf8")) as T;

interface StatementVectors {
  readonly cases: readonly { readonly statement: unknown }[];
  readonly failures: readonly { readonly statement: unknown }[];
}

/** Good and bad statements of a format that stands alone. */
export function statementsOf(format: string): readonly unknown[] {
  const { cases, failures } = vectors<StatementVectors>(format);
  return [...cases, ...failures].map(({ statement }) => statement);
}
