import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOfMatrix } from "./matrix-table.ts";
import type { MatrixResult } from "./run-matrix.ts";

test("a fault that came twice is one row, with what both did and the longest of them", () => {
  const cell = (name: string, sent: number, refused: number, longestMs: number) => {
    const taken = sent - refused;
    return { name, sent, refused, acknowledged: taken, read: taken, longestMs };
  };
  const report = {
    ...{ attempts: 1_260, acknowledged: 1_259, duplicated: ["v7"] },
    lost: { prefix: [], middle: ["v3", "v4"], postfix: [] },
  };
  const result = {
    ...{ nodes: 2, report },
    cells: [
      cell("NATS gone", 10, 0, 1_240),
      cell("slow", 50, 1, 90),
      cell("NATS gone", 1_200, 0, 60),
    ],
  } as unknown as MatrixResult;
  assert.deepEqual(tableOfMatrix(result), [
    "| | 2 nodes: sent, acknowledged, read, longest |",
    "|---|---|",
    "| NATS gone | 1,210, 1,210, 1,210, 1.2 s |",
    "| slow | 50, 49, 49, 0.1 s (1 refused) |",
    "| **all** | 1,260 written, 1,259 acknowledged: **2 lost, 1 repeated** |",
  ]);
});
