import type { AnyOp } from "../op.ts";
import { opNames, ops } from "../registry.ts";
import { PROTOCOL_VERSION } from "../version.ts";
import { wireSchema } from "./view.ts";

/** What is promised of one operation, in the committed ledger `protocol.lock.json`. */
export interface LedgerRow {
  readonly kind: string;
  readonly since: number;
  readonly scope: string;
  readonly errors: readonly string[];
  readonly input: Record<string, unknown>;
  readonly output: Record<string, unknown>;
}

export interface Ledger {
  readonly protocol: number;
  /** what several operations carry, by name */
  readonly shapes: Readonly<Record<string, Schema>>;
  readonly ops: Readonly<Record<string, LedgerRow>>;
}

/** The ledger of the declarations as they stand. */
export function currentLedger(): Ledger {
  const shapes: Record<string, Schema> = {};
  const hoist = ({ $defs, $schema: _dialect, ...schema }: Schema): Schema => {
    if (isSchema($defs)) Object.assign(shapes, $defs);
    return schema;
  };
  const rowOf = (declared: AnyOp): LedgerRow => ({
    kind: declared.kind,
    since: declared.since,
    scope: declared.scope,
    errors: [...declared.errors].sort(),
    input: hoist(wireSchema(declared, "input")),
    output: hoist(wireSchema(declared, "output")),
  });
  const rows = Object.fromEntries(opNames.map((name) => [name, rowOf(ops[name])]));
  const sorted = Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1));
  return { protocol: PROTOCOL_VERSION, shapes: Object.fromEntries(sorted), ops: rows };
}

/** Every way in which `next` breaks a promise that `before` made under the same protocol version; empty when it only grew. */
export function brokenPromises(before: Ledger, next: Ledger): readonly string[] {
  if (next.protocol > before.protocol) return [];
  const broken = Object.entries(before.shapes).flatMap(([name, old]) =>
    name in next.shapes ? schemaBreaks(name, old, next.shapes[name] ?? {}, "input") : [],
  );
  for (const [name, old] of Object.entries(before.ops)) {
    const now = next.ops[name];
    if (!now) broken.push(`${name}: removed or renamed`);
    else broken.push(...rowBreaks(name, old, now));
  }
  return broken;
}

function rowBreaks(name: string, old: LedgerRow, now: LedgerRow): string[] {
  // What only devices answered had no form on the wire, where nothing was promised of it.
  if (old.scope === "device" && now.scope !== "device" && old.kind === now.kind) return [];
  const broken: string[] = [];
  for (const field of ["kind", "since", "scope"] as const) {
    if (old[field] !== now[field]) broken.push(`${name}: ${field} changed`);
  }
  for (const code of now.errors) {
    if (!old.errors.includes(code)) broken.push(`${name}: new error ${code}`);
  }
  broken.push(...schemaBreaks(`${name}: input`, old.input, now.input, "input"));
  broken.push(...schemaBreaks(`${name}: output`, old.output, now.output, "output"));
  return broken;
}

type Schema = Record<string, unknown>;
const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Objects may gain optional inputs and any outputs; everything else must stay as it is. */
function schemaBreaks(path: string, old: Schema, now: Schema, side: "input" | "output"): string[] {
  const broken: string[] = [];
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (key === "description" || key === "required") continue;
    if (key === "properties") broken.push(...propertyBreaks(path, old, now, side));
    else broken.push(...valueBreaks(`${path}.${key}`, old[key], now[key], side));
  }
  const required = { old: names(old.required), now: names(now.required) };
  if (side === "input") {
    for (const name of required.now) {
      if (!required.old.includes(name)) broken.push(`${path}.${name}: became required`);
    }
  } else {
    for (const name of required.old) {
      if (!required.now.includes(name)) broken.push(`${path}.${name}: no longer always there`);
    }
  }
  return broken;
}

function propertyBreaks(
  path: string,
  old: Schema,
  now: Schema,
  side: "input" | "output",
): string[] {
  const before = isSchema(old.properties) ? old.properties : {};
  const after = isSchema(now.properties) ? now.properties : {};
  return Object.entries(before).flatMap(([name, schema]) =>
    name in after
      ? valueBreaks(`${path}.${name}`, schema, after[name], side)
      : [`${path}.${name}: removed`],
  );
}

function valueBreaks(path: string, old: unknown, now: unknown, side: "input" | "output"): string[] {
  if (isSchema(old) && isSchema(now)) return schemaBreaks(path, old, now, side);
  if (Array.isArray(old) && Array.isArray(now) && old.length === now.length) {
    return old.flatMap((item, i) => valueBreaks(`${path}[${i}]`, item, now[i], side));
  }
  return JSON.stringify(old) === JSON.stringify(now) ? [] : [`${path}: changed`];
}
