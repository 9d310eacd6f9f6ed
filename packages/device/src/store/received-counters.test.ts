import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ready, systemRandom } from "@claudemesh/crypto";
import type { EnvelopeHeader, MeshId } from "@claudemesh/protocol";
import fc from "fast-check";
import { HomeFolder } from "../home/home-folder.ts";
import { HomeStore } from "./home-store.ts";
import { waitingGaps } from "./notices.ts";
import { countReceived } from "./received-counters.ts";

await ready();
const folder = mkdtempSync(join(tmpdir(), "claudemesh-count-"));
const store = HomeStore.open(new HomeFolder(folder, () => {}), Date.now, systemRandom);
after(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

let meshes = 0;
const sender = () => {
  const mesh = `mesh_${meshes++}`;
  const header = (n: number) =>
    ({
      mesh,
      from: { member: "mbr_a", device: "dev_a" },
      to: "m:mbr_b",
      n,
    }) as unknown as EnvelopeHeader;
  return {
    count: (n: number) => countReceived(store, header(n), 1),
    gaps: () => waitingGaps(store, mesh as MeshId).map(({ from_n, to_n }) => [from_n, to_n]),
  };
};

test("counting starts with the first number seen", () => {
  const { count, gaps } = sender();
  assert.equal(count(7), "first");
  assert.equal(count(8), "next");
  assert.equal(count(3), "early");
  assert.deepEqual(gaps(), []);
});

test("a jump is a gap until it is filled, from any side", () => {
  const { count, gaps } = sender();
  count(1);
  assert.equal(count(6), "jump");
  assert.deepEqual(gaps(), [[2, 5]]);
  assert.equal(count(4), "filled");
  assert.deepEqual(gaps(), [
    [2, 3],
    [5, 5],
  ]);
  for (const n of [5, 2, 3]) assert.equal(count(n), "filled");
  assert.deepEqual(gaps(), []);
  assert.equal(count(4), "reused");
});

test("whatever the order, what is open is exactly what lies between first and last and never came", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }),
      (numbers) => {
        const { count, gaps } = sender();
        store.write(() => {
          for (const n of numbers) count(n);
        });
        const [first = 0] = numbers;
        const seen = new Set(numbers);
        const open = new Set(
          gaps().flatMap(([from = 0, to = 0]) =>
            Array.from({ length: to - from + 1 }, (_, i) => from + i),
          ),
        );
        for (let n = first; n <= Math.max(...numbers); n++)
          assert.equal(open.has(n), !seen.has(n), `${n} of ${numbers}`);
      },
    ),
    { numRuns: 40 },
  );
});
