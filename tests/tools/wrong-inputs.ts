type Schema = Readonly<Record<string, unknown>>;

/** An input, and what is wrong with it. */
export interface Wrong {
  readonly what: string;
  readonly input: unknown;
}

/** Whether a field takes an object, or anything. */
const takesObject = ({ anyOf, type, $ref }: Schema): boolean =>
  type === "object" || $ref !== undefined || (type === undefined && anyOf === undefined);

/** From a good input every one that lacks a required field, has one of a wrong type, or one that is not there at all. */
export function wrongInputs(schema: Schema, good: object): Wrong[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const missing = required.map((name) => {
    const { [name]: _left, ...input } = good as Record<string, unknown>;
    return { what: `no ${name}`, input };
  });
  const mistyped = Object.entries(properties).flatMap(([name, said]) =>
    takesObject(said)
      ? []
      : [{ what: `${name} of a wrong type`, input: { ...good, [name]: { wrong: [null] } } }],
  );
  return [...missing, ...mistyped, { what: "a field too many", input: { ...good, nonesuch: 1 } }];
}
