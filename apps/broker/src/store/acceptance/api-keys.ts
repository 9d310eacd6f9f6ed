import assert from "node:assert/strict";
import { test } from "node:test";
import { type ApiKeyId, limits, type TopicId } from "@claudemesh/protocol";
import type { ApiKeyPut } from "../api-keys-port.ts";
import { day, hashOf, member, mesh, otherMesh, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const keyId = (n: number) =>
  `key_00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}` as ApiKeyId;
const topic = "top_00000000-0000-4000-8000-000000000001" as TopicId;

const put = (n: number, over: Partial<ApiKeyPut> = {}): ApiKeyPut => ({
  mesh,
  id: keyId(n),
  name: `key ${n}`,
  hash: hashOf(7_000 + n),
  owner: member(1),
  capabilities: ["send", "read"],
  topics: null,
  at: start + n,
  expiresAt: null,
  ...over,
});

/** Keys of programs, and what their commands were answered. */
export function acceptApiKeys(withStore: WithStore): void {
  test("a key is found by the hash of its secret, listed, used and revoked once", async () => {
    await withStore(async (store) => {
      const scoped = put(2, { topics: [topic], expiresAt: start + day });
      assert.equal(await store.write.putApiKey(put(1)), "kept");
      assert.equal(await store.write.putApiKey(scoped), "kept");
      const { at: createdAt, ...rest } = scoped;
      const row = { ...rest, createdAt, revokedAt: null, usedAt: null };
      assert.deepEqual(await store.read.apiKey(scoped.hash), row);
      assert.equal(await store.read.apiKey(hashOf(1)), undefined);
      await store.write.usedApiKey({ mesh, id: keyId(2), at: start + 5 });
      assert.equal(await store.write.revokeApiKey({ mesh, id: keyId(2), at: start + 6 }), true);
      assert.equal(await store.write.revokeApiKey({ mesh, id: keyId(2), at: start + 7 }), false);
      assert.equal(await store.write.revokeApiKey({ mesh, id: keyId(9), at: start }), false);
      const listed = await store.read.apiKeys(mesh);
      assert.deepEqual(
        listed.map(({ id, usedAt, revokedAt }) => [id, usedAt, revokedAt]),
        [
          [keyId(1), null, null],
          [keyId(2), start + 5, start + 6],
        ],
      );
      assert.deepEqual(await store.read.apiKeys(otherMesh), []);
    });
  });

  test("neither an id nor a secret is given twice, and only keys that are good count against the limit", async () => {
    await withStore(async (store) => {
      await store.write.putApiKey(put(1));
      assert.equal(await store.write.putApiKey(put(1, { hash: hashOf(1) })), "taken");
      assert.equal(await store.write.putApiKey(put(2, { hash: put(1).hash })), "taken");
      for (let n = 2; n <= limits.apiKeys; n++) {
        const expiresAt = n === 2 ? start + day : null;
        assert.equal(await store.write.putApiKey(put(n, { expiresAt })), "kept");
      }
      const late = (n: number) => put(n, { at: start + 2 * day });
      assert.equal(await store.write.putApiKey(put(900)), "full");
      assert.equal(await store.write.putApiKey(late(900)), "kept", "one has expired since");
      assert.equal(await store.write.putApiKey(late(901)), "full");
      await store.write.revokeApiKey({ mesh, id: keyId(3), at: start + 2 * day });
      assert.equal(await store.write.putApiKey(late(901)), "kept");
    });
  });

  test("an answer is kept as it was first, per key, until it is forgotten", async () => {
    await withStore(async (store) => {
      const place = { mesh, key: keyId(1), idempotency: "build-7" };
      const answer = { digest: "d1", output: '{"seq":1}' };
      assert.equal(await store.read.apiAnswer(place), undefined);
      await store.write.keepAnswer({ ...place, ...answer, at: start });
      await store.write.keepAnswer({ ...place, digest: "d2", output: "{}", at: start + 1 });
      assert.deepEqual(await store.read.apiAnswer(place), answer);
      assert.equal(await store.read.apiAnswer({ ...place, key: keyId(2) }), undefined);
      await store.write.keepAnswer({ ...place, key: keyId(2), ...answer, at: start + 5 });
      assert.equal(await store.write.forgetAnswers({ before: start + 5, limit: 10 }), 1);
      assert.equal(await store.read.apiAnswer(place), undefined);
      assert.deepEqual(await store.read.apiAnswer({ ...place, key: keyId(2) }), answer);
    });
  });
}
