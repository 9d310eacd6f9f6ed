import assert from "node:assert/strict";

const longMs = 90_000;

/** Looks until something is there; says what was seen last should it never be. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  what: string,
  seen: () => unknown = () => "",
): Promise<T> {
  const end = performance.now() + longMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) assert.fail(`never: ${what}; last ${JSON.stringify(seen())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
