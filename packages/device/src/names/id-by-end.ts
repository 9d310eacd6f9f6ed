import { MeshError } from "@claudemesh/protocol";

/** Which of `ids` ends in what was typed. Throws `not_found`, with `hint`, and `malformed` for an end that several have. */
export function idByEnd<T extends string>(typed: string, ids: readonly T[], hint?: string): T {
  const found = ids.filter((id) => id.endsWith(typed));
  const [only, more] = found;
  if (only === undefined) {
    throw new MeshError("not_found", `id: there is none that ends in ${typed}`, {
      ...(hint === undefined ? {} : { hint }),
      detail: { field: "id" },
    });
  }
  if (more === undefined) return only;
  throw new MeshError("malformed", `id: several end in ${typed}`, {
    hint: found.slice(0, 10).join(" "),
    detail: { field: "id" },
  });
}
