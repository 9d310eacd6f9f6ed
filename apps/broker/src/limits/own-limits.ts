import { type AnyOp, ops } from "@claudemesh/protocol";
import type { Rate } from "../config/values.ts";
import { RateLimit } from "../rate-limit.ts";

/** A limit for each operation that has a rate of its own: by its declaration, or by the operator, whose word wins. */
export function ownLimits(
  configured: Readonly<Record<string, Rate>>,
  now: () => number,
): ReadonlyMap<string, RateLimit> {
  const declared = Object.values<AnyOp>(ops).flatMap(({ name, rate }): [string, Rate][] =>
    rate === undefined ? [] : [[name, rate]],
  );
  const rates = new Map([...declared, ...Object.entries(configured)]);
  return new Map([...rates].map(([name, rate]) => [name, new RateLimit(rate, now)]));
}
