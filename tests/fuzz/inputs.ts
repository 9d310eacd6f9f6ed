import type { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import { mutateText, mutateValue } from "./mutate.ts";
import { oneOf, rarely } from "./numbers.ts";
import { jsonOf, randomBytes, randomText, randomValue } from "./random-inputs.ts";

export type Inputs<T> = (numbers: SeededNumbers) => T;

/** Values as JSON.parse gives them: mostly mutated samples, some samples as they are, some from nowhere. */
export const valuesLike =
  (samples: readonly unknown[]): Inputs<unknown> =>
  (numbers) => {
    if (rarely(numbers, 20)) return oneOf(numbers, samples);
    if (rarely(numbers, 10)) return randomValue(numbers);
    return mutateValue(oneOf(numbers, samples), samples, numbers);
  };

/** Texts: mutated samples, samples as they are, random ones. */
export const textsLike =
  (samples: readonly string[]): Inputs<string> =>
  (numbers) => {
    if (rarely(numbers, 20)) return oneOf(numbers, samples);
    if (rarely(numbers, 8)) return randomText(numbers);
    let text = oneOf(numbers, samples);
    for (let left = 1 + numbers.next(2); left > 0; left--) text = mutateText(text, numbers);
    return text;
  };

/** JSON texts of values like the samples, some of them damaged as texts, some only bytes. */
export function jsonLike(samples: readonly unknown[]): Inputs<string> {
  const values = valuesLike(samples);
  return (numbers) => {
    if (rarely(numbers, 30)) return randomBytes(numbers).toString("latin1");
    const text = jsonOf(values(numbers));
    return rarely(numbers, 6) ? mutateText(text, numbers) : text;
  };
}
