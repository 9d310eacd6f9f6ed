/** One input of a verb, as the command line sees it. */
export interface Field {
  readonly name: string;
  /** the flag without its dashes */
  readonly flag: string;
  readonly kind: "text" | "number" | "boolean" | "list" | "duration";
  readonly required: boolean;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  /** whether it may be given as nothing, which then means something */
  readonly mayBeEmpty?: true;
  /** the heading under which help shows its flag, where a verb has many */
  readonly group?: string;
}

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Property;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly description?: string;
  readonly default?: unknown;
}

const durationUnits = "(ms|s|m|h|d|w)?$";

/** `requireE2E` to `require-e2e`. */
export const kebab = (name: string): string =>
  name
    .replaceAll("_", "-")
    .replaceAll(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase();

/** The fields of an operation's input, from its JSON Schema, in the order declared. */
export function fieldsOf(schema: Record<string, unknown>): readonly Field[] {
  const properties = (schema.properties ?? {}) as Record<string, Property>;
  const required = new Set((schema.required ?? []) as readonly string[]);
  return Object.entries(properties).map(([name, property]) => {
    const choices = property.enum ?? property.items?.enum;
    return {
      name,
      flag: kebab(name),
      kind: kindOf(property),
      required: required.has(name),
      description: property.description ?? "",
      ...(kindOf(property) === "text" && isFree(property) ? { mayBeEmpty: true } : {}),
      ...(choices ? { choices } : {}),
      ...(property.default === undefined ? {} : { default: property.default }),
    };
  });
}

const isFree = ({ enum: choices, minLength = 0, pattern }: Property): boolean =>
  choices === undefined && minLength === 0 && pattern === undefined;

function kindOf(property: Property): Field["kind"] {
  if (property.type === "boolean") return "boolean";
  if (property.type === "integer" || property.type === "number") return "number";
  if (property.type === "array") return "list";
  return property.pattern?.endsWith(durationUnits) ? "duration" : "text";
}
