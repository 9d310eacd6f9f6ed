import assert from "node:assert/strict";
import { test } from "node:test";
import { Outage } from "./outage.ts";

test("an outage is two lines, however many batches it refused, and the second one counts them", () => {
  const lines: [string, unknown][] = [];
  const outage = new Outage((event, cause) => lines.push([event, cause]));
  outage.worked();
  assert.deepEqual(lines, []);
  for (const cause of ["first", "second", "third"]) outage.failed(cause);
  outage.worked();
  outage.worked();
  outage.failed("again");
  outage.worked();
  assert.deepEqual(lines, [
    ["store could not commit", "first"],
    ["store commits again", "3 batches of writes had been refused"],
    ["store could not commit", "again"],
    ["store commits again", "1 batch of writes had been refused"],
  ]);
});
