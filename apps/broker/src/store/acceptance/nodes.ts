import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiKeyId } from "@claudemesh/protocol";
import type { NodeRow, PresenceRow } from "../nodes-port.ts";
import { mesh, otherMesh, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const node = (id: string, over: Partial<NodeRow> = {}): NodeRow => ({
  id,
  address: "http://localhost:1",
  version: "1",
  keys: "k",
  startedAt: start,
  seenAt: start,
  beat: 0,
  told: 0,
  ...over,
});

/** What brokers of one database tell each other through it. */
export function acceptNodes(withStore: WithStore): void {
  test("a node's row and presence are what it said last, until it is forgotten with its beat", async () => {
    await withStore(async (store, reopen) => {
      const row = (subject: string, body: string | null): PresenceRow => ({ mesh, subject, body });
      await store.write.putNode({ node: node("a"), presence: [row("s:1", "{}"), row("d:1", "1")] });
      await store.write.putNode({ node: node("b"), presence: [row("s:1", "2")] });
      const later = node("a", { beat: 3, seenAt: start + 5, told: 2 });
      await store.write.putNode({ node: later, presence: [row("s:1", null), row("d:1", "2")] });
      const { read, write } = await reopen();
      assert.deepEqual(await read.nodes(), [later, node("b")]);
      assert.deepEqual(await read.presenceOf("a"), { told: 2, rows: [row("d:1", "2")] });
      assert.deepEqual(await read.presenceOf("b"), { told: 0, rows: [row("s:1", "2")] });

      assert.equal(await write.forgetNode({ id: "a", beat: 2 }), false, "it lives");
      assert.equal(await write.forgetNode({ id: "a", beat: 3 }), true);
      assert.equal(await write.forgetNode({ id: "a" }), false);
      assert.equal(await read.presenceOf("a"), undefined);
      assert.deepEqual(await read.presenceOf("b"), { told: 0, rows: [row("s:1", "2")] });
    });
  });

  test("orders are read in the order in which they were given, and forgotten when they are old", async () => {
    await withStore(async ({ read, write }) => {
      assert.equal(await read.lastOrder(), 0);
      const order = (body: string) => ({ mesh: otherMesh, what: "end", body });
      for (const [n, body] of ["1", "2", "3"].entries()) {
        await write.giveOrder({ order: order(body), at: start + n });
      }
      const all = await read.orders({ after: 0, limit: 10 });
      assert.deepEqual(
        all.map(({ id: _, ...given }) => given),
        ["1", "2", "3"].map(order),
      );
      const [first] = all;
      assert.equal((await read.orders({ after: first?.id ?? 0, limit: 1 }))[0]?.body, "2");
      assert.equal(await read.lastOrder(), all[2]?.id);
      assert.equal(await write.forgetOrders({ before: start + 2, limit: 10 }), 2);
      assert.deepEqual(await read.orders({ after: 0, limit: 10 }), [all[2]]);
      assert.deepEqual(await read.revokedApiKeys([]), []);
      assert.deepEqual(await read.revokedApiKeys(["key_unknown" as ApiKeyId]), []);
    });
  });
}
