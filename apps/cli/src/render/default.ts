import { age } from "../terminal/age.ts";
import { cleanLine, cleanText } from "../terminal/clean.ts";
import { pairs, table } from "../terminal/table.ts";
import type { PrintContext, Printed } from "./printed.ts";

/** Prints any answer: lists as a table of their plain fields, records as aligned names and values. */
export function printAny(output: object, context: PrintContext): Printed {
  const items = (output as { items?: unknown }).items;
  if (Array.isArray(items)) return { lines: printItems(items, context) };
  return { lines: pairs(entriesOf(output, context), context.terminal) };
}

function printItems(items: readonly object[], context: PrintContext): readonly string[] {
  const first = items[0];
  if (!first) return ["Nothing here yet."];
  const names = Object.keys(first);
  const rows = items.map((item) =>
    names.map((name) => cell(name, (item as Record<string, unknown>)[name], context)),
  );
  return table(
    names.map((title) => ({ title, flexible: true })),
    rows,
    context.terminal,
  );
}

/** Names and values of a record, one level of nesting unfolded as `mesh slug`. */
export function entriesOf(record: object, context: PrintContext, under = ""): [string, string][] {
  return Object.entries(record).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    const full = under + spaced(name);
    if (under === "" && value !== null && typeof value === "object" && !Array.isArray(value)) {
      return entriesOf(value, context, `${full} `);
    }
    return [[full, cell(name, value, context)]];
  });
}

const spaced = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

function cell(name: string, value: unknown, { now }: PrintContext): string {
  if (typeof value === "number" && /(^at|At|Time)$/.test(name)) return age(value, now);
  if (typeof value === "string") return cleanLine(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((item) => cell("", item, { now } as never)).join(", ");
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? cleanText(JSON.stringify(value)) : String(value);
}
