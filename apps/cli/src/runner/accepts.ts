/** The part of JSON Schema that is judged without loading a schema library; any other key makes a value undecided. */
export interface Accepted {
  readonly type?: "array" | "boolean" | "integer" | "number" | "object" | "string";
  readonly properties?: Readonly<Record<string, Accepted>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Accepted;
  readonly maxItems?: number;
}

const judged: ReadonlySet<string> = new Set([
  ...["type", "properties", "required", "additionalProperties", "enum", "pattern"],
  ...["minLength", "maxLength", "minimum", "maximum", "items", "maxItems"],
]);

/** Whether `value` certainly has the form that `schema` asks for. False also where that cannot be told from here: then the operation's own schema decides. */
export function isPlainlyAccepted(schema: Accepted, value: unknown): boolean {
  if (!Object.keys(schema).every((key) => judged.has(key))) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  switch (schema.type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
    case "number":
      return isNumber(schema, value);
    case "string":
      return isText(schema, value);
    case "array":
      return isList(schema, value);
    case "object":
      return isRecord(schema, value);
    default:
      return false;
  }
}

const isNumber = ({ type, minimum, maximum }: Accepted, value: unknown): boolean =>
  typeof value === "number" &&
  (type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
  value >= (minimum ?? -Infinity) &&
  value <= (maximum ?? Infinity);

const isText = ({ pattern, minLength, maxLength }: Accepted, value: unknown): boolean =>
  typeof value === "string" &&
  value.length >= (minLength ?? 0) &&
  value.length <= (maxLength ?? Infinity) &&
  (pattern === undefined || new RegExp(pattern).test(value));

const isList = ({ items, maxItems }: Accepted, value: unknown): boolean =>
  Array.isArray(value) &&
  items !== undefined &&
  value.length <= (maxItems ?? Infinity) &&
  value.every((one) => isPlainlyAccepted(items, one));

function isRecord({ properties = {}, required = [] }: Accepted, value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  return (
    required.every((name) => given.some(([key]) => key === name)) &&
    given.every(([name, one]) => {
      const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return field !== undefined && isPlainlyAccepted(field, one);
    })
  );
}
