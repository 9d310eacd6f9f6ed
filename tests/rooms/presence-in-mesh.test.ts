import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { keepOpen } from "../keys/room.ts";
import { until } from "../topics/support.ts";

/** What a device sees beside bob in its peer list; undefined where he is not in it. */
const besideBob = async (device: LocalDevice): Promise<string | undefined> => {
  const { items } = await device.api.peer.list({});
  const bob = items.find(({ name }) => name === "bob");
  return bob && `${bob.status ?? "?"} ${bob.summary ?? ""}`.trim();
};

test("what is said for one mesh holds there alone, until it is said for all", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const carol = await ground.device("carol");
  await carol.api.mesh.create({ name: "Other" });
  await bob.api.invite.claim({ invite: (await carol.api.invite.create({})).link });
  await keepOpen(bob);
  await Promise.all([alice.drain(), carol.drain()]);
  const seen = (device: LocalDevice, wanted: string | undefined) =>
    until(
      () => besideBob(device),
      (now) => now === wanted,
    );
  await bob.api.status.set({ status: "idle" });
  await bob.api.summary.set({ text: "writing" });
  await seen(alice, "idle writing");
  await seen(carol, "idle writing");
  await bob.api.summary.set({ text: "reviewing", mesh: "team" });
  await bob.api.status.set({ status: "dnd", mesh: "team" });
  await seen(alice, "dnd reviewing");
  await seen(carol, "idle writing");
  await bob.api.visible.set({ visible: false, mesh: "team" });
  await seen(alice, undefined);
  await alice.api.message.send({ to: "*", text: "to all of team" });
  await carol.api.message.send({ to: "*", text: "to all of other" });
  assert.deepEqual(texts(await read(bob, "60s")), ["to all of other"]);
  await bob.api.visible.set({ visible: true });
  await bob.api.summary.set({ text: "back" });
  await bob.api.status.set({ status: "working" });
  await seen(alice, "working back");
  await seen(carol, "working back");
  await alice.api.message.send({ to: "*", text: "again" });
  assert.deepEqual(texts(await read(bob, "60s")), ["again"]);
  await refusal("not_found", () => bob.api.summary.set({ text: "x", mesh: "none-such" }));
});
