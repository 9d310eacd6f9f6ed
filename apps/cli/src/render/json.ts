import { MeshError, SCHEMA_VERSION } from "@claudemesh/protocol/light";
import type { OperationVerb } from "../runner/verb.ts";

type Json = Readonly<Record<string, unknown>>;

/** One line: the whole record, `schema_version` first. */
export const jsonLine = (answer: object): string =>
  `${JSON.stringify({ schema_version: SCHEMA_VERSION, ...answer })}\n`;

/** One line per item of a list, then one per notice, as `{"notice": …}`; one line for any other record. */
export function jsonStream(answer: Json): string {
  if (!Array.isArray(answer.items)) return jsonLine(answer);
  const notices = Array.isArray(answer.notices) ? answer.notices : [];
  return [...answer.items.map(jsonLine), ...notices.map((notice) => jsonLine({ notice }))].join("");
}

/** Only the dotted `paths`; in a list a path that the record itself lacks is looked up in every item. */
export function project(answer: Json, paths: readonly string[]): Json {
  const own = paths.filter((path) => headOf(path) in answer);
  const inItems = paths.filter((path) => !(headOf(path) in answer));
  const items = answer.items;
  return {
    ...pick(answer, own),
    ...(inItems.length > 0 && Array.isArray(items)
      ? { items: items.map((item: Json) => pick(item, inItems)) }
      : {}),
  };
}

function pick(record: Json, paths: readonly string[]): Json {
  const picked: Record<string, unknown> = {};
  for (const path of paths) {
    const keys = path.split(".");
    const value = keys.reduce<unknown>(
      (at, key) =>
        at !== null && typeof at === "object" && Object.hasOwn(at, key) ? (at as Json)[key] : null,
      record,
    );
    place(picked, keys, value ?? null);
  }
  return picked;
}

function place(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [head, ...rest] = keys;
  if (head === undefined) return;
  if (rest.length === 0) {
    Object.defineProperty(target, head, { value, enumerable: true, configurable: true });
    return;
  }
  const inner = Object.hasOwn(target, head) ? (target[head] as Record<string, unknown>) : {};
  target[head] = inner;
  place(inner, rest, value);
}

const headOf = (path: string): string => path.split(".")[0] ?? path;

/** Checks a projection before anything is done. Throws `malformed`, naming the fields that there are. */
export function checkProjection(
  paths: readonly string[],
  { own, items }: OperationVerb["prints"],
  verb: string,
): void {
  const known = [...new Set([...items, ...own])];
  for (const path of paths) {
    const head = headOf(path);
    if (known.includes(head)) continue;
    throw new MeshError("malformed", `${verb} prints no field "${head}"`, {
      hint: `its fields are ${known.join(", ")}`,
    });
  }
}
