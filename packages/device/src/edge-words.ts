import { type AnyOp, MeshError } from "@claudemesh/protocol";

/** What an operation ended with, in the words of who asked for it: where a field of the wire is wrong, the one that was given instead. */
export function inEdgeWords({ open }: AnyOp, error: unknown): unknown {
  if (!(error instanceof MeshError) || open?.names === undefined) return error;
  const [field = ""] = /^\w+(?=: )/.exec(error.message) ?? [];
  if (!Object.hasOwn(open.names, field)) return error;
  const name = String(open.names[field]);
  const body = error.toBody();
  const message = `${name}${body.message.slice(field.length)}`;
  return MeshError.fromBody({ ...body, message, detail: { ...body.detail, field: name } });
}
