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
        if (told.length === 11) all.resolve();
      });
      proxy.cutNextCommit();
      const lost = await Promise.allSettled(
        range(1, 10).map((n) => store.write.appendMessage(message(n))),
      );
      for (const outcome of lost) {
        assert.equal(outcome.status === "rejected" && outcome.reason.code, "unavailable");
      }
      const again = await Promise.all(
        range(1, 10).map((n) => store.write.appendMessage(message(n))),
      );
      assert.deepEqual(
        again.map((outcome) => outcome.result === "accepted" && [outcome.seq, outcome.repeated]),
        range(3, 12).map((seq) => [seq, true]),
      );
      await store.write.appendMessage(message(11));
      await all.promise;
      assert.deepEqual(
        told,
        range(1, 11).map((n) => [n + 2, messageId(n)]),
      );
    } finally {
      await store.close();
    }
  });
}
