import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import type { Hash, MemberId, MeshId, SessionId } from "@claudemesh/protocol";
import { buildContext } from "../../packages/device/src/build-context.ts";
import { deviceOver } from "../../packages/device/src/device.ts";
import { addDue } from "../../packages/device/src/store/receipt-rows.ts";
import { Ground } from "./home-fixture.ts";

test("a receipt of a session that never reached the broker is told in the device's own name", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice", "bob");
  assert.ok(alice);
  const { id } = await alice.api.message.send({ to: "bob", text: "seen by a session" });
  const ctx = buildContext({
    home: ground.home("bob"),
    now: Date.now,
    random: systemRandom,
    defaultName: "bob",
  });
  await using bob = deviceOver(ctx);
  await bob.drain();
  const row = ctx.store.get<{ mesh: MeshId; sender: MemberId; digest: Hash }>(
    "SELECT mesh, sender, digest FROM inbox WHERE id = ?",
    id,
  );
  assert.ok(row);
  // Handed to a session that was killed before it could attach.
  const session = "ses_00000000-0000-4000-8000-000000000001" as SessionId;
  const told = { ...row, message: id, state: "offered", way: "hook", reason: null } as const;
  ctx.store.write(() => addDue(ctx.store, { ...told, session, at: Date.now() }));
  await bob.drain();
  await alice.drain();
  assert.equal((await alice.api.message.status({ id })).state, "offered");
});
