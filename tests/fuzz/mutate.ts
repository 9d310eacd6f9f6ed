import type { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import { oneOf, rarely } from "./numbers.ts";
import { deepValue, isDeep, oddKeys, putOwn, randomText, randomValue } from "./random-inputs.ts";

type Holder = Record<string, unknown>;

/** A text with a stretch of it deleted, doubled, replaced, or one bit flipped. */
export function mutateText(text: string, numbers: SeededNumbers): string {
  const from = numbers.next(text.length + 1);
  const to = Math.min(text.length, from + numbers.next(1 + (rarely(numbers, 3) ? 40 : 2)));
  const [before, stretch, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (numbers.next(6)) {
    case 0:
      return before + after;
    case 1:
      return before + stretch + stretch + after;
    case 2:
      return before;
    case 3:
      return before + randomText(numbers) + after;
    case 4:
      return rarely(numbers, 20) ? before + stretch.repeat(20_000) + after : after + before;
    default: {
      const flipped = text.charCodeAt(from) ^ (1 << numbers.next(rarely(numbers, 4) ? 16 : 7));
      return before + String.fromCharCode(flipped) + text.slice(from + 1);
    }
  }
}

/** A copy of a JSON value changed in one place, seldom in two or three; `others` are what parts are spliced in from. */
export function mutateValue(
  sample: unknown,
  others: readonly unknown[],
  numbers: SeededNumbers,
): unknown {
  const root: Holder = { value: copyOf(sample) };
  const changes = rarely(numbers, 4) ? 1 + numbers.next(3) : 1;
  for (let change = 0; change < changes; change++) {
    const places = placesIn(root);
    const at = places[numbers.next(places.length)];
    if (at !== undefined) mutateAt(at.holder, at.key, others, numbers);
  }
  return root.value;
}

interface Place {
  readonly holder: Holder;
  readonly key: string;
}

function mutateAt(
  holder: Holder,
  key: string,
  others: readonly unknown[],
  numbers: SeededNumbers,
): void {
  const value = holder[key];
  switch (numbers.next(9)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 1:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, copyOf(value));
      else putOwn(holder, oneOf(numbers, Object.keys(holder)), copyOf(value));
      return;
    case 2: {
      const part = oneOf(numbers, placesIn({ value: oneOf(numbers, others) }));
      putOwn(holder, key, copyOf(part.holder[part.key]));
      return;
    }
    case 3:
      putOwn(holder, Array.isArray(holder) ? key : oneOf(numbers, oddKeys), randomValue(numbers));
      return;
    case 4:
      putOwn(holder, key, rarely(numbers, 30) ? deepValue(numbers) : randomValue(numbers));
      return;
    case 5:
      putOwn(holder, key, swapType(value, numbers));
      return;
    default:
      putOwn(holder, key, nearMiss(value, numbers));
      return;
  }
}

function swapType(value: unknown, numbers: SeededNumbers): unknown {
  return oneOf(numbers, [
    null,
    [value],
    { value },
    typeof value === "string" ? Number(value) || 0 : typeof value,
    typeof value !== "boolean",
    {},
    [],
  ]);
}

function nearMiss(value: unknown, numbers: SeededNumbers): unknown {
  if (typeof value === "string") return mutateText(value, numbers);
  if (typeof value === "number") {
    const step = 2 ** numbers.next(53);
    return oneOf(numbers, [
      value + step,
      value - step,
      -value,
      value + 0.5,
      value * 1e300,
      2 ** 53,
    ]);
  }
  return randomValue(numbers);
}

/** Every place of a value that can be changed; a deep value counts as one. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null || isDeep(value)) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isDeep(value)) return value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item));
  const copy = {};
  for (const [key, member] of Object.entries(value)) putOwn(copy, key, copyOf(member));
  return copy;
}
