import { z } from "zod";

declare const inside: unique symbol;

/** Ciphertext to whoever routes it, `T` at the edges. On the wire: unpadded base64url. Opaque on purpose: it has no string methods. */
export interface Sealed<T> {
  readonly [inside]: T;
}

/** Who holds the key of a sealed field. */
export type SealedTo = "recipient" | "mesh" | "topic";

interface SealedInfo {
  readonly schema: z.ZodType;
  readonly to: SealedTo;
}

const known = new WeakMap<z.ZodType, SealedInfo>();

/** Declares a field that only its audience can read; `schema` is checked before sealing and after opening. */
export function sealed<S extends z.ZodType>(
  schema: S,
  options: { to: SealedTo; maxBytes: number },
): z.ZodType<Sealed<z.output<S>>> {
  const wire = z
    .string()
    .max(Math.ceil((options.maxBytes * 4) / 3), `ciphertext is over ${options.maxBytes} bytes`)
    .regex(/^[A-Za-z0-9_-]*$/, "ciphertext must be unpadded base64url")
    .describe(`ciphertext for the ${options.to}`);
  const field = wire as unknown as z.ZodType<Sealed<z.output<S>>>;
  known.set(field, { schema, to: options.to });
  return field;
}

/** What a sealed field holds and for whom, or undefined when `schema` is not a sealed field. */
export const sealedInfo = (schema: z.ZodType): SealedInfo | undefined => known.get(schema);

/** Names ciphertext as sealed; for `packages/crypto`, after it has sealed. */
export const asSealed = <T>(ciphertext: string): Sealed<T> => ciphertext as unknown as Sealed<T>;

/** The ciphertext text of a sealed value; for `packages/crypto`, before it opens. */
export const ciphertextOf = (value: Sealed<unknown>): string => value as unknown as string;

/** The edge's view of a wire type: every `Sealed<T>` becomes `T`. */
export type Opened<T> =
  T extends Sealed<infer U>
    ? U
    : T extends string | number | boolean | null | undefined
      ? T
      : T extends readonly (infer E)[]
        ? Opened<E>[]
        : T extends object
          ? { [K in keyof T]: Opened<T[K]> }
          : T;
