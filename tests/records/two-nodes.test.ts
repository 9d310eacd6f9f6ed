import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordId } from "@claudemesh/protocol";
import {
  creation,
  day,
  hashOf,
  member,
  mesh,
  messageId,
  range,
  start,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import type { Store } from "../../apps/broker/src/store/port.ts";
import type { RecordPut } from "../../apps/broker/src/store/records-port.ts";
import { cluster, openNode, skip } from "../store/postgres-cluster.ts";

const running = cluster();

const put = (n: number, over: Partial<RecordPut>): RecordPut => {
  const id = messageId(n).replace("msg_", "rec_") as RecordId;
  const by = over.by ?? member(1);
  return {
    mesh,
    ...{ noun: "task", topic: "", key: `task-${n}`, status: "open", words: "" },
    ...{ id, digest: hashOf(n), by, author: by, expect: undefined, most: 1_000 },
    written: [{ id, op: "task.create", input: {}, by, at: start }],
    at: start,
    expiresAt: start + 30 * day,
    ...over,
  };
};

test("two nodes that claim the same tasks on one database have one winner each", {
  skip,
}, async () => {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const nodes = [await openNode(url), await openNode(url)];
  try {
    const [one] = nodes as [Store];
    await one.write.createMesh(creation());
    const tasks = range(1, 100);
    const made = await Promise.all(tasks.map((n) => one.write.putRecord(put(n, {}))));
    const claims = await Promise.all(
      tasks.flatMap((n, at) =>
        nodes.map(async (node, by) => {
          const before = made[at];
          assert.equal(before?.result, "written");
          const expect = before?.result === "written" ? before.version : 0;
          const claim = { key: `task-${n}`, status: "claimed", expect, by: member(by + 1) };
          const outcome = await node.write.putRecord(put(1_000 * (by + 1) + n, claim));
          return [n, outcome.result] as const;
        }),
      ),
    );
    for (const n of tasks) {
      const ends = claims.filter(([task]) => task === n).map(([, result]) => result);
      assert.deepEqual(ends.sort(), ["stale", "written"]);
    }
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
});
