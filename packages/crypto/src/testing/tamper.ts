export interface Mutation {
  /** what was done and where, such as `changed header.from.device` */
  readonly name: string;
  readonly value: unknown;
}

/**
 * Every statement that differs from a valid one in one place: each leaf changed, each field removed, each list shortened, and a field added to
 * each object. All of them must be refused.
 */
export function* tamperings(valid: unknown, path = ""): Generator<Mutation> {
  if (Array.isArray(valid)) {
    yield { name: `shortened ${path}`, value: valid.slice(0, -1) };
    yield { name: `lengthened ${path}`, value: [...valid, valid[0]] };
    for (const [index, item] of valid.entries()) {
      for (const { name, value } of tamperings(item, `${path}.${index}`)) {
        yield { name, value: valid.with(index, value) };
      }
    }
  } else if (typeof valid === "object" && valid !== null) {
    yield { name: `added ${path}.extra`, value: { ...valid, extra: 1 } };
    for (const [key, field] of Object.entries(valid)) {
      const at = path === "" ? key : `${path}.${key}`;
      const { [key]: _removed, ...rest } = valid as Record<string, unknown>;
      yield { name: `removed ${at}`, value: rest };
      for (const { name, value } of tamperings(field, at)) {
        yield { name, value: { ...valid, [key]: value } };
      }
    }
  } else {
    for (const value of changedLeaf(valid)) yield { name: `changed ${path}`, value };
  }
}

/** Near misses of a leaf: texts with their first, middle or last character exchanged, or longer or shorter by one. */
function* changedLeaf(leaf: unknown): Generator<unknown> {
  if (typeof leaf === "number") yield* [leaf + 1, leaf - 1];
  else if (typeof leaf === "boolean") yield !leaf;
  else if (typeof leaf === "string") {
    const places = [0, leaf.length >> 1, leaf.length - 1];
    for (const place of new Set(places)) {
      if (leaf !== "") yield `${leaf.slice(0, place)}${other(leaf[place])}${leaf.slice(place + 1)}`;
    }
    yield `${leaf}A`;
    if (leaf !== "") yield leaf.slice(0, -1);
  }
}

/** The neighbour with the lowest bit flipped, which for base64url and hex mostly stays inside the alphabet. */
const other = (char = ""): string => {
  const neighbours: Record<string, string> = { A: "B", Z: "Y", a: "b", z: "y", "9": "8", "0": "1" };
  return neighbours[char] ?? (char === "-" ? "_" : String.fromCharCode(char.charCodeAt(0) ^ 1));
};
