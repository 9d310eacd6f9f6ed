import assert from "node:assert/strict";
import { test } from "node:test";
import {
  creation,
  message,
  messageId,
  range,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { CuttingProxy } from "./cutting-proxy.ts";
import { cluster, openAlone, openNode, skip } from "./postgres-cluster.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const running = cluster();

for (const [as, open] of [
  ["the only broker", openAlone],
  ["one of several nodes", openNode],
] as const) {
  test(`as ${as}: a commit whose answer is lost is not acknowledged, found again by its id, and told once`, {
    skip,
  }, async (t) => {
    const { server, databases } = running();
    const folder = await temporaryFolder(t);
    const direct = new URL(server.url(await databases.create()));
    const target = direct.searchParams.get("host") ?? "";
    await using proxy = await CuttingProxy.start(folder, target);
    direct.searchParams.set("host", folder);
    const store = await open(direct.href);
    try {
      await store.write.createMesh(creation());
      const told: [number, string][] = [];
      const all = Promise.withResolvers<void>();
      store.onAppend((_mesh, entries) => {
        for (const { id, seq } of entries) told.push([seq, id]);
        if (told.length === 16) all.resolve();
      });
      // The first commits in a transaction of many statements, the second in one statement.
      for (const [from, to] of [
        [1, 10],
        [11, 15],
      ] as const) {
        const send = () => range(from, to).map((n) => store.write.appendMessage(message(n)));
        proxy.cutNextCommit();
        for (const outcome of await Promise.allSettled(send())) {
          assert.equal(outcome.status === "rejected" && outcome.reason.code, "unavailable");
        }
        assert.deepEqual(
          (await Promise.all(send())).map(
            (outcome) => outcome.result === "accepted" && [outcome.seq, outcome.repeated],
          ),
          range(from + 2, to + 2).map((seq) => [seq, true]),
        );
      }
      await store.write.appendMessage(message(16));
      await all.promise;
      assert.deepEqual(
        told,
        range(1, 16).map((n) => [n + 2, messageId(n)]),
      );
    } finally {
      await store.close();
    }
  });
}
