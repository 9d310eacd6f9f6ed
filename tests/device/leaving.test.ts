import assert from "node:assert/strict";
import { test } from "node:test";
import { takeOsLock } from "../../packages/device/src/home/os-lock.ts";
import { addNotice } from "../../packages/device/src/store/notices.ts";
import { Ground, refusal } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

const systemTimer = (ms: number, fn: () => void) => {
  const timeout = setTimeout(fn, ms);
  return () => clearTimeout(timeout);
};

test("leaving forgets a mesh only when no other process reads its feed, so that nothing of it comes back", async () => {
  await using ground = await Ground.start();
  await ground.mesh("alice", "bob");
  using bob = new Inside(ground, "bob");
  const { mesh } = bob.row;
  const { store, home } = bob.ctx;
  const rows = () =>
    ["membership", "roster_entry", "notice"].map(
      (table) => store.all(`SELECT 1 FROM ${table} WHERE mesh = ?`, mesh).length,
    );
  const lock = takeOsLock(home.paths.feedLock(mesh), 0);
  assert.ok(lock);
  let waits = 0;
  const leaving = await ground.device("bob", {
    timer: (ms, fn) => {
      if (ms === 25 && waits++ === 0) {
        addNotice(store, { mesh, key: "late", code: "conflict", text: "late", at: 1 });
        assert.ok(rows().every((count) => count > 0));
        lock.release();
      }
      return systemTimer(ms, fn);
    },
  });
  await leaving.api.mesh.leave({ mesh: "team" });
  assert.equal(waits, 1);
  assert.deepEqual(rows(), [0, 0, 0]);
});

test("a reader that does not end is named, and leaving again finishes", async () => {
  await using ground = await Ground.start();
  await ground.mesh("alice", "bob");
  using bob = new Inside(ground, "bob");
  const lock = takeOsLock(bob.ctx.home.paths.feedLock(bob.row.mesh), 0);
  assert.ok(lock);
  let later = 0;
  const leaving = await ground.device("bob", {
    now: () => Date.now() + later,
    timer: (ms, fn) => {
      if (ms === 25) later = 10_000;
      return systemTimer(ms, fn);
    },
  });
  const error = await refusal("in_use", () => leaving.api.mesh.leave({ mesh: "team" }));
  assert.match(error.message, /still reads team/);
  lock.release();
  assert.equal((await leaving.api.mesh.leave({ mesh: "team" })).slug, "team");
  assert.deepEqual((await leaving.api.mesh.list({})).items, []);
});
