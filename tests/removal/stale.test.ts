import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { MovedTime } from "../broker/support/time.ts";
import { startSession } from "../device/agent-sessions.ts";
import { Ground } from "../device/home-fixture.ts";
import { keepOpen, until } from "../keys/room.ts";

const minute = 60_000;
const stateOf = (device: LocalDevice) => device.standing()[0]?.link?.link;

/** Settles when alice sees every session in its status. */
async function seen(alice: LocalDevice, wanted: Record<string, string[]>): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { items } = await alice.api.peer.list({});
    const statuses = (name: string) =>
      items
        .filter((one) => one.name === name && one.session !== undefined)
        .map(({ status }) => status)
        .sort();
    const now = Object.fromEntries(Object.keys(wanted).map((name) => [name, statuses(name)]));
    if (JSON.stringify(now) === JSON.stringify(wanted)) return;
    assert.ok(Date.now() < end, JSON.stringify(now));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Settles when a device has heard that its member is an admin now. */
async function untilAdmin(device: LocalDevice): Promise<void> {
  const isAdmin = async () =>
    (await device.api.member.list({})).items.some(({ role, self }) => self && role === "admin");
  const end = Date.now() + 60_000;
  while (!(await isAdmin())) {
    assert.ok(Date.now() < end, "busy has not heard that it is an admin");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name).sort();

test("kick --stale ends who has agents that all were idle for so long, --all everyone below, and neither who asks nor who stands above", async () => {
  const time = new MovedTime();
  await using ground = await Ground.start({}, time);
  const people = await ground.mesh("alice", "idle", "busy", "fresh", "half", "bare", "boss");
  const [alice, idle, busy, fresh, half, bare, boss] = people;
  assert.ok(alice && idle && busy && fresh && half && bare && boss);
  await alice.api.member.role({ member: "boss", role: "owner" });
  for (const device of people) await keepOpen(device);
  for (const [device, name] of [
    [alice, "a"],
    [idle, "i1"],
    [idle, "i2"],
    [busy, "b"],
    [half, "h1"],
    [half, "h2"],
    [boss, "o"],
  ] as const) {
    await startSession(device, name);
  }
  busy.sessions.update("b", { status: "working" });
  half.sessions.update("h2", { status: "working" });
  await seen(alice, {
    idle: ["idle", "idle"],
    busy: ["working"],
    half: ["idle", "working"],
    boss: ["idle"],
  });
  time.pass(31 * minute);
  // Half's second agent ended its turn a moment ago, fresh has come a moment ago, and bare has no agent.
  half.sessions.update("h2", { status: "idle" });
  await startSession(fresh, "f");
  await seen(alice, { half: ["idle", "idle"], fresh: ["idle"] });

  assert.deepEqual((await alice.api.member.kick({ stale: "40m" })).items, []);
  await alice.api.member.role({ member: "busy", role: "admin" });
  await untilAdmin(busy);
  assert.deepEqual(names(await busy.api.member.kick({ stale: "30m" })), ["idle"]);
  await until("the end of idle's connection", () => stateOf(idle) === "waiting");
  await seen(alice, { idle: [] });
  for (const one of [fresh, half, bare, boss, alice]) assert.equal(stateOf(one), "open");

  time.pass(31 * minute);
  assert.deepEqual(names(await busy.api.member.kick({ stale: "30m" })), ["fresh", "half"]);
  assert.deepEqual(names(await busy.api.member.kick({ all: true })), ["bare"]);
  for (const one of [fresh, half, bare]) {
    await until("the end of a connection", () => stateOf(one) === "waiting");
    assert.match(one.standing()[0]?.link?.reason ?? "", /an admin disconnected you/);
  }
  for (const one of [alice, boss, busy]) assert.equal(stateOf(one), "open");
});
