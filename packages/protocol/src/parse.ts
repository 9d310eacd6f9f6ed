import type { z } from "zod";
import { MeshError } from "./errors.ts";
import { whatIsWrong } from "./what-is-wrong.ts";

/** A `malformed` error whose message names the first bad field of a failed parse. */
export function malformed(error: z.ZodError, what: string): MeshError {
  const first = error.issues[0];
  const field = first && first.path.length > 0 ? first.path.join(".") : what;
  return new MeshError("malformed", `${field}: ${whatIsWrong(first)}`, {
    detail: { field },
  });
}

/** Parses untrusted input, or throws `malformed` naming the field. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw malformed(result.error, what);
}
