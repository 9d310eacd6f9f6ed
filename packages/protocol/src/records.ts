import type { MemberId, RecordId } from "./ids.ts";
import type { AnyOp } from "./op.ts";
import { isOpName, ops } from "./registry.ts";
import { searchWords } from "./search-words.ts";
import type { RecordRule, Written } from "./shapes/record.ts";

/** The noun of an operation, which is that of its records. */
export const nounOf = (op: string): string => op.slice(0, op.indexOf("."));

/** What an operation does to its record; undefined for one that writes none, or that this version does not know. */
export const recordRule = (op: string): RecordRule | undefined =>
  isOpName(op) ? (ops[op] as AnyOp).record : undefined;

/** The id that a write gives to what it makes, where its input names none: the same for the device that signs and for whoever looks at it. */
export const drawnKey = (op: string, id: RecordId): string => id.replace(/^rec/, nounOf(op));

/** What a write's record is kept under. */
export function recordKey(
  op: string,
  rule: RecordRule,
  {
    input,
    by,
    id,
  }: { readonly input: Written["input"]; readonly by: MemberId; readonly id: RecordId },
): string {
  if (rule.key === "member") return by;
  const named = input[rule.key];
  return typeof named === "string" ? named : drawnKey(op, id);
}

/** characters of what a write is found by: more than an index takes well */
const wordsMost = 128 * 1024;

/** What full-text search finds a write by. */
export function recordWords({ words = [] }: RecordRule, input: Written["input"]): string {
  const texts = (value: unknown): string[] =>
    typeof value === "string" ? [value] : Array.isArray(value) ? value.flatMap(texts) : [];
  const found = words.flatMap((field) => texts(input[field])).map(searchWords);
  const all = found.flatMap((one) => [...one.words, ...one.parts, ...one.singles]).join(" ");
  return all.length <= wordsMost ? all : all.slice(0, all.lastIndexOf(" ", wordsMost));
}

interface HasWritten {
  readonly written: readonly Written[];
}

/** The input of a record's newest write. */
export const newestInput = ({ written }: HasWritten): Written["input"] =>
  written.at(-1)?.input ?? {};

/** Those fields of an input that are there. */
export const inputFields = (input: Written["input"], fields: readonly string[]) =>
  Object.fromEntries(fields.flatMap((field) => (field in input ? [[field, input[field]]] : [])));

/** The input of the write that made the record. */
export const firstInput = ({ written }: HasWritten): Written["input"] => written[0]?.input ?? {};
