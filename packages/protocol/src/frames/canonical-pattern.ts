import type { z } from "zod";

/** Expressions of this form match only characters that JSON writes as themselves. */
const plainExpression = /^(?:[\w:/-]|\\\/|\[[\w-]+\]|\{\d+(?:,\d+)?\}|\((?!\?)|[)*+?|])*$/;
/** any character that JSON writes as itself */
const plainChar = "[ !#-\\[\\]-~]";

/**
 * The text that `JSON.stringify` writes for values of a schema, in the schema's own order of fields, as a regular expression. It matches nothing
 * that the schema refuses or changes; of what the schema takes it leaves out rare spellings, such as escapes or numbers near their bound. Throws
 * for a schema that says more than it knows. `captures` are the places of the groups, such as `input.envelope.header`, in the order of the text.
 * Longer texts than `within` are not to be asked about.
 */
export function canonicalPattern(
  schema: z.ZodType,
  captures: readonly string[],
): { readonly pattern: RegExp; readonly within: number } {
  const bounds: number[] = [];
  const source = sourceOf(schema, { captures, bounds, path: "" });
  return { pattern: new RegExp(`^${source}$`), within: Math.min(...bounds) };
}

interface Walk {
  readonly captures: readonly string[];
  readonly bounds: number[];
  readonly path: string;
}

function sourceOf(schema: z.ZodType, walk: Walk): string {
  const source = sourceOfKind(schema as unknown as z.core.$ZodTypes, walk);
  return walk.captures.includes(walk.path) ? `(${source})` : source;
}

function sourceOfKind(schema: z.core.$ZodTypes, walk: Walk): string {
  const { def } = schema._zod;
  const checks = (def.checks ?? []).map((check) => (check as z.core.$ZodChecks)._zod.def);
  if (def.type === "string") return `"${stringSource(checks, walk)}"`;
  if (def.type === "number") return numberSource(def, checks);
  if (def.type === "array") return arraySource(def.element as z.ZodType, checks, walk);
  if (checks.length > 0) throw new Error(`${walk.path}: ${def.type} with a check`);
  if (def.type === "literal") return oneOf(def.values.map((value) => literal(value)));
  if (def.type === "enum") return oneOf(Object.values(def.entries).map((value) => literal(value)));
  if (def.type === "template_literal") return `"${plain(schema._zod.pattern as RegExp)}"`;
  if (def.type === "union") {
    return oneOf(def.options.map((option) => sourceOf(option as z.ZodType, walk)));
  }
  if (def.type === "object") return objectSource(def, walk);
  throw new Error(`${walk.path}: ${def.type}`);
}

function objectSource({ shape, catchall }: z.core.$ZodObjectDef, walk: Walk): string {
  if (catchall?._zod.def.type !== "never") throw new Error(`${walk.path}: not a strict object`);
  const fields = Object.entries(shape).map(([key, field], index) => {
    const path = walk.path === "" ? key : `${walk.path}.${key}`;
    const { def } = (field as z.core.$ZodTypes)._zod;
    const isOptional = def.type === "optional";
    if (isOptional && index === 0) throw new Error(`${path}: optional first field`);
    const inner = (isOptional ? def.innerType : field) as z.ZodType;
    const source = `${index === 0 ? "" : ","}${literal(key)}:${sourceOf(inner, { ...walk, path })}`;
    return isOptional ? `(?:${source})?` : source;
  });
  return `\\{${fields.join("")}\\}`;
}

function stringSource(checks: readonly z.core.$ZodChecks["_zod"]["def"][], walk: Walk): string {
  let expression: string | undefined;
  let min = 0;
  let max: number | undefined;
  for (const check of checks) {
    if (check.check === "max_length") max = check.maximum;
    else if (check.check === "min_length") min = check.minimum;
    else if (check.check === "string_format" && expression === undefined) {
      expression = plain((check as z.core.$ZodCheckRegexDef).pattern);
    } else throw new Error(`${walk.path}: string with ${check.check}`);
  }
  if (expression === undefined) return `${plainChar}{${min},${max ?? ""}}`;
  if (min > 0) throw new Error(`${walk.path}: a pattern and a least length`);
  if (max !== undefined) walk.bounds.push(max);
  return expression;
}

/** One digit less than the bound has, so that every number is within it. */
function numberSource(
  def: z.core.$ZodNumberDef,
  checks: readonly z.core.$ZodChecks["_zod"]["def"][],
): string {
  if (!("format" in def) || def.format !== "safeint") throw new Error("a number that is no int");
  let min = Number.NEGATIVE_INFINITY;
  let max = Number.MAX_SAFE_INTEGER;
  for (const check of checks) {
    if (check.check === "greater_than" && check.inclusive) min = Number(check.value);
    else if (check.check === "less_than" && check.inclusive) max = Number(check.value);
    else throw new Error(`number with ${check.check}`);
  }
  if (min !== 0 && min !== 1) throw new Error(`a number from ${min}`);
  if (max < 10) throw new Error(`a number up to ${max}`);
  const positive = `[1-9]\\d{0,${String(max).length - 2}}`;
  return min === 1 ? positive : `(?:0|${positive})`;
}

function arraySource(
  element: z.ZodType,
  checks: readonly z.core.$ZodChecks["_zod"]["def"][],
  walk: Walk,
): string {
  const [most] = checks;
  if (checks.length !== 1 || most?.check !== "max_length") {
    throw new Error(`${walk.path}: an array without a bound, or with another check`);
  }
  const source = sourceOf(element, { ...walk, path: `${walk.path}[]` });
  return `\\[(?:${source}(?:,${source}){0,${most.maximum - 1}})?\\]`;
}

const oneOf = (sources: readonly string[]): string => `(?:${sources.join("|")})`;

const literal = (value: unknown): string => JSON.stringify(value).replaceAll(/[^\w"]/g, "\\$&");

/** What an expression says between `^` and `$`. */
function plain({ source, flags }: RegExp): string {
  const inner = /^\^(.*)\$$/.exec(source)?.[1];
  if (inner === undefined || flags !== "" || !plainExpression.test(inner)) {
    throw new Error(`not a plain expression: ${source}`);
  }
  return `(?:${inner.replaceAll("(", "(?:")})`;
}
