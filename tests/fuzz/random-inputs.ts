import type { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import { oneOf, rarely } from "./numbers.ts";

/** Deep enough to end the stack of whatever follows JSON by recursion. */
const depth = 10_000;
const megabyte = 1 << 20;

const oddTexts = [
  ..."\0\n\r\t\"'\\/#%&=-.,:;{}[]<>",
  "",
  "\ud800",
  "\udfff",
  "a\udc00b",
  "\ufeff",
  "\u202e",
  "\u0130",
  "👩‍👩‍👧",
  "e\u0301\u0301",
  "__proto__",
  "constructor",
  "toString",
  "-1",
  "1e999",
  "NaN",
  "null",
];

const oddNumbers = [
  0,
  -0,
  -1,
  0.5,
  1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
];

/** Keys that name what every object inherits. */
export const oddKeys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", ""];

export const randomBytes = (numbers: SeededNumbers, most = 200): Buffer =>
  Buffer.from(Array.from({ length: numbers.next(most) }, () => numbers.next(256)));

/** A short text: bytes as Latin-1, any code units, or one of the odd ones; seldom one of a megabyte. */
export function randomText(numbers: SeededNumbers): string {
  if (rarely(numbers, 500))
    return oneOf(numbers, ["a", "é", "/", "-", "[", "\ud800"]).repeat(megabyte);
  switch (numbers.next(4)) {
    case 0:
      return randomBytes(numbers, 60).toString("latin1");
    case 1:
      return String.fromCharCode(
        ...Array.from({ length: numbers.next(30) }, () => numbers.next(0x10000)),
      );
    case 2:
      return Array.from({ length: numbers.next(5) }, () => oneOf(numbers, oddTexts)).join("");
    default:
      return oneOf(numbers, oddTexts);
  }
}

const deep: readonly object[] = [nested((value) => [value]), nested((value) => ({ a: value }))];

function nested(wrap: (value: unknown) => object): object {
  let value = wrap(1);
  for (let level = 1; level < depth; level++) value = wrap(value);
  return value;
}

/** Whether a value is one of those that nothing may walk by recursion. */
export const isDeep = (value: unknown): boolean => deep.some((known) => known === value);

/** Arrays or objects in one another, ten thousand deep. */
export const deepValue = (numbers: SeededNumbers): unknown => oneOf(numbers, deep);

/** The JSON text of a value, deep values included, at which JSON.stringify runs out of stack. */
export function jsonOf(value: unknown): string {
  const marker = "deep value";
  const text = JSON.stringify(value, (_, part) => (isDeep(part) ? marker : part)) ?? "";
  const levels = `${"[".repeat(depth)}1${"]".repeat(depth)}`;
  return text.replaceAll(`"${marker}"`, levels);
}

/** Any JSON value, mostly small. */
export function randomValue(numbers: SeededNumbers, levels = 3): unknown {
  if (rarely(numbers, 500)) return deepValue(numbers);
  switch (numbers.next(levels > 0 ? 7 : 5)) {
    case 0:
      return oneOf(numbers, [null, true, false]);
    case 1:
      return oneOf(numbers, oddNumbers);
    case 2:
      return numbers.next(1000);
    case 3:
    case 4:
      return randomText(numbers);
    case 5:
      return Array.from({ length: numbers.next(4) }, () => randomValue(numbers, levels - 1));
    default:
      return randomObject(numbers, levels - 1);
  }
}

function randomObject(numbers: SeededNumbers, levels: number): object {
  const object = {};
  for (let left = numbers.next(4); left > 0; left--) {
    const key = rarely(numbers, 2) ? oneOf(numbers, oddKeys) : randomText(numbers);
    putOwn(object, key, randomValue(numbers, levels));
  }
  return object;
}

/** Sets an own member, also one named `__proto__`, as JSON.parse does. */
export function putOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
