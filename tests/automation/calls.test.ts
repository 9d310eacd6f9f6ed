import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { type JobId, limits } from "@claudemesh/protocol";
import type { SocketLike } from "@claudemesh/sdk";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { onceFor } from "../../packages/device/src/calls/once.ts";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { linked } from "../devices/support.ts";
import { until } from "../topics/support.ts";
import { VirtualTime } from "./virtual-time.ts";

const start = Date.parse("2026-03-01T12:00:30Z");
const minute = 60_000;
const day = 24 * 60 * minute;

interface Stage extends AsyncDisposable {
  readonly time: VirtualTime;
  readonly ground: Ground;
}

async function stage(): Promise<Stage> {
  const time = new VirtualTime(start);
  const ground = await Ground.start({}, { now: time.now, timer: time.timer });
  return { time, ground, [Symbol.asyncDispose]: () => ground[Symbol.asyncDispose]() };
}

/** Keeps a device's feed open, as its daemon does. */
async function online(device: LocalDevice) {
  const kept = device.keepOnline();
  await until(
    () => Promise.resolve(device.standing()),
    ([one]) => one?.link?.link === "open",
  );
  return kept;
}

const calls = async (device: LocalDevice) => (await device.api.schedule.list({})).calls;

const tell = (text: string) => JSON.stringify({ to: "bob", text });

const notices = async (device: LocalDevice) =>
  (await read(device)).notices.filter(({ code }) => code === "schedule").map(({ text }) => text);

/** Waits until something was done so often for a call. */
const came = (device: LocalDevice, outcome: string, planned: number) =>
  until(
    () => calls(device),
    (all) => all.some(({ last }) => last?.outcome === outcome && last.planned === planned),
  );

test("a tool is called at its time, as its author, once for all devices; the broker cannot read what", async () => {
  await using here = await stage();
  const { ground, time } = here;
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const laptop = await linked(ground, alice, "laptop");
  const all = [await online(alice), await online(laptop)];
  const asked = { tool: "send_message", input: tell("every minute a secret word") };
  const made = await alice.api.schedule.tool({ ...asked, cron: "* * * * *", tz: "UTC" });
  assert.deepEqual(
    made.next,
    [1, 2, 3].map((n) => start - 30_000 + n * minute),
  );
  for (let n = 1; n <= 3; n++) {
    const planned = start - 30_000 + n * minute;
    time.advance(minute);
    await came(alice, "done", planned);
    const shown = await read(bob, "60s");
    assert.deepEqual(texts(shown), ["every minute a secret word"]);
    const [first] = shown.items;
    assert.deepEqual([first?.from.name, first?.plain], ["alice", undefined]);
  }
  assert.deepEqual((await read(bob)).items, []);
  for (const device of [alice, laptop]) {
    const told = await until(
      () => notices(device),
      (seen) => seen.length > 0,
    );
    assert.match(told[0] ?? "", /^scheduled send_message was done: \{"id":"msg_/);
  }
  const path = join(ground.folder, "broker", "broker.db");
  assert.deepEqual(leaks(path, ["secret word", "send_message"]), []);
  await alice.api.schedule.cancel({ id: made.id.slice(-8) });
  assert.deepEqual(await calls(alice), []);
  for (const one of all) await one.stop();
});

/** Which of the words stand in a table of a database. */
function leaks(path: string, words: readonly string[]): string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const text = tables
      .map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all()))
      .join("\n");
    assert.ok(text.length > 1_000);
    return words.filter((word) => text.includes(word));
  } finally {
    db.close();
  }
}

test("what was due while nobody was there is done at return, skipped with a notice, or missed after a week", async () => {
  await using here = await stage();
  const { ground, time } = here;
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const add = (text: string, missed: "skip" | "wait", when: object) =>
    alice.api.schedule.tool({ tool: "send_message", input: tell(text), missed, ...when });
  const once = await add("once", "wait", { in: "1m" });
  const skipped = await add("skipped", "skip", { in: "1m" });
  const daily = await add("daily", "wait", { cron: "0 12 * * *", tz: "UTC" });
  const wrong = { tool: "set_state", input: '{"key":"goal","value":"x","ifVersion":9}', in: "1m" };
  const failing = await alice.api.schedule.tool(wrong);
  const told = (id: string) => calls(alice).then((all) => all.find((one) => one.id === id));
  for (let n = 1; n <= 3; n++) {
    time.advance(day);
    await until(
      () => told(daily.id),
      (one) => one?.waiting === start - 30_000 + n * day,
    );
  }
  assert.equal((await told(once.id))?.waiting, start + minute);
  const kept = await online(alice);
  await came(alice, "done", start + minute);
  await came(alice, "skipped", start + minute);
  await came(alice, "done", start - 30_000 + 3 * day);
  await came(alice, "failed", start + minute);
  assert.match((await told(failing.id))?.last?.said ?? "", /not there/);
  assert.equal((await told(skipped.id))?.waiting, undefined);
  const heard = texts(await read(bob, "60s"));
  assert.deepEqual(heard.sort(), ["daily", "once"], "the days before are not made up for");
  await kept.stop();
  const late = await add("never", "wait", { in: "1m" });
  await alice.api.schedule.cancel({ id: daily.id });
  time.advance(minute);
  await until(
    () => told(late.id),
    (one) => one?.waiting !== undefined,
  );
  time.advance(8 * day);
  const gone = await until(
    () => told(late.id),
    (one) => one?.last !== undefined,
  );
  assert.equal(gone?.last?.outcome, "missed");
  await online(alice);
  const notes = await until(
    () => notices(alice),
    (seen) => seen.some((text) => text.includes("was missed")),
  );
  assert.ok(
    notes.some((text) => /^scheduled send_message was skipped: it was due at 2026-/.test(text)),
  );
  assert.deepEqual((await read(bob)).items, []);
});

test("one that was stopped halfway does nothing twice, and says so where it cannot know", async () => {
  await using here = await stage();
  const { ground, time } = here;
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const at = start + minute;
  const add = (tool: string, input: object) =>
    alice.api.schedule.tool({ tool, input: JSON.stringify(input), in: "1m" });
  const fresh = await add("send_message", { to: "bob", text: "begun, not queued" });
  const queued = await add("send_message", { to: "bob", text: "queued before" });
  const record = await add("create_task", { title: "one task" });
  const other = await add("publish", { name: "builds", data: "1" });
  await alice.drain();
  time.advance(minute);
  await until(
    () => calls(alice),
    (all) => all.every(({ waiting }) => waiting === at),
  );
  await alice.drain();
  await alice.close();
  const home = new DatabaseSync(join(ground.home("alice"), "home.db"));
  const marked = home.prepare("UPDATE due_call SET state = 'begun', begun_at = ?").run(at);
  assert.equal(marked.changes, 4);
  home.close();
  const again = await ground.device("alice");
  // What a device had queued before it was killed has the id that the schedule gives it.
  const sent = onceFor(queued.id as JobId, at, at).ids.nextMessageId();
  const before = await again.api.message.send({ to: "bob", text: "queued before" });
  await again.close();
  const outbox = new DatabaseSync(join(ground.home("alice"), "home.db"));
  outbox.prepare("UPDATE outbox SET id = ? WHERE id = ?").run(sent, before.id);
  outbox.close();
  const back = await ground.device("alice");
  await online(back);
  const done = await until(
    () => calls(back),
    (all) => all.length === 4 && all.every(({ last }) => last !== undefined),
  );
  const outcome = (id: string) => done.find((one) => one.id === id)?.last;
  assert.equal(outcome(fresh.id)?.outcome, "done");
  assert.deepEqual(outcome(queued.id)?.said, JSON.stringify({ id: sent }));
  assert.equal(outcome(record.id)?.outcome, "done");
  assert.match(outcome(other.id)?.said ?? "", /whether it was done is not known/);
  assert.deepEqual(
    (await back.api.task.list({})).items.map(({ title }) => title),
    ["one task"],
  );
  const heard = texts(await read(bob, "60s"));
  assert.deepEqual(heard.sort(), ["begun, not queued", "queued before"]);
});

/** Connections of a device that is lost as soon as it is given something to do: nothing comes to it or from it any more. */
function lostWithItsClaim() {
  const lost = Promise.withResolvers<void>();
  let isLost = false;
  const connect = (url: string): SocketLike => {
    if (isLost) throw new TypeError("the device is gone");
    const socket = new WebSocket(url);
    socket.addEventListener("message", (event) => {
      if (!String(event.data).includes('"granted":true')) return;
      isLost = true;
      event.stopImmediatePropagation();
      socket.close();
      lost.resolve();
    });
    return socket;
  };
  return { connect, lost: lost.promise };
}

test("what a device was given to do that is lost then is taken over after ten minutes", async () => {
  await using here = await stage();
  const { ground, time } = here;
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const fresh = await linked(ground, alice, "laptop");
  await fresh.close();
  const { connect, lost } = lostWithItsClaim();
  const laptop = await ground.device("laptop", { connect });
  const input = tell("said once");
  const { id } = await alice.api.schedule.tool({ tool: "send_message", input, in: "1m" });
  await alice.drain();
  await alice.close();
  await online(laptop);
  time.advance(minute);
  await lost;
  await laptop.close();

  const waits: number[] = [];
  const timer = (ms: number, run: () => void) => {
    if (ms < minute) return systemTimer.after(ms, run);
    waits.push(ms);
    return time.timer.after(ms, run);
  };
  const other = await ground.device("alice", { timer });
  await online(other);
  await until(
    () => Promise.resolve(waits),
    (all) => all.includes(limits.callLeaseMs),
  );
  assert.deepEqual(
    (await calls(other)).map(({ last, waiting }) => [last, waiting]),
    [[undefined, start + minute]],
  );
  time.advance(limits.callLeaseMs);
  await came(other, "done", start + minute);
  assert.deepEqual(texts(await read(bob, "60s")), ["said once"]);

  const back = await ground.device("laptop");
  await online(back);
  const told = await until(
    () => notices(back),
    (seen) => seen.length > 0,
  );
  assert.match(told[0] ?? "", /^scheduled send_message was done/);
  await back.drain();
  assert.deepEqual((await calls(back))[0]?.id, id);
  assert.deepEqual((await read(bob)).items, []);
});

test("a broker has a device do nothing twice, nor at another time, nor what its member did not sign", async () => {
  await using here = await stage();
  const { ground, time } = here;
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { store } = ground.broker;
  const kept = await online(alice);
  const add = async (text: string, when: string) =>
    (await alice.api.schedule.tool({ tool: "send_message", input: tell(text), in: when })).id;
  /** Changes a row as only a broker can, and lets it be due. */
  const meddle = async (id: JobId, planned: number, over: object = {}) => {
    const row = await store.read.job(id);
    assert.ok(row);
    const next = { dueAt: time.now(), plannedAt: planned, state: "{}", ...over };
    const write = { mesh: row.mesh, id, dueAt: row.dueAt, entries: [], at: time.now(), next };
    assert.equal(await store.write.settleJob(write), "settled");
    time.advance(minute);
  };
  const last = (id: string) =>
    until(
      () => calls(alice).then((all) => all.find((one) => one.id === id)),
      (one) => one?.last !== undefined,
    );

  const twice = await add("said once", "1m");
  time.advance(minute);
  assert.equal((await last(twice))?.last?.outcome, "done");
  await meddle(twice, start + minute);

  const early = await add("too early", "1d");
  await meddle(early, time.now());
  assert.match((await last(early))?.last?.said ?? "", /a time that is not yours/);

  const [mine, other] = [await add("mine", "1d"), await add("other", "1d")];
  const spec = (await store.read.job(other))?.spec ?? "";
  const due = JSON.parse((await store.read.job(mine))?.spec ?? "{}").call.entry.at;
  await meddle(mine, due, { spec });
  assert.match((await last(mine))?.last?.said ?? "", /signed for something else/);
  const changed = spec.replace('"missed":"wait"', '"missed":"skip"');
  assert.notEqual(changed, spec);
  await meddle(other, due, { spec: changed });
  assert.match((await last(other))?.last?.said ?? "", /signature of the call does not verify/);

  const marker = await add("the last", "1m");
  time.advance(minute);
  assert.equal((await last(marker))?.last?.outcome, "done");
  const heard = texts(await read(bob, "60s"));
  assert.deepEqual(heard.sort(), ["said once", "the last"]);
  await kept.stop();
});

test("what cannot be called so is refused with the field's name, and an API key has no device", async () => {
  await using here = await stage();
  const [alice] = await here.ground.mesh("alice");
  assert.ok(alice);
  const wrongs: readonly [input: Record<string, string>, field: string, words: RegExp][] = [
    [{ tool: "nonesuch" }, "tool", /there is no tool nonesuch/],
    [{ tool: "vault_set" }, "tool", /administers the mesh/],
    [{ tool: "file.delete" }, "tool", /asked back for/],
    [{ tool: "share_file" }, "tool", /files of the machine/],
    [{ tool: "check_messages" }, "tool", /someone who is there/],
    [{ tool: "schedule_reminder" }, "tool", /someone who is there/],
    [{ tool: "mesh.delete" }, "tool", /no tool mesh.delete/],
    [{ tool: "send_message", input: "{" }, "input", /not JSON/],
    [{ tool: "send_message", input: "[]" }, "input", /JSON object/],
    [{ tool: "send_message", input: '{"to":"bob"}' }, "input.text", /^input\.text: /],
    [{ tool: "send_message", input: '{"to":1,"text":"x"}' }, "input.to", /^input\.to: /],
    [{ tool: "send_message", input: '{"to":"b","text":"x","mesh":"y"}' }, "input.mesh", /--mesh/],
  ];
  for (const [input, field, words] of wrongs) {
    const error = await refusal("malformed", () =>
      alice.api.schedule.tool({ tool: "", ...input, in: "1m" }),
    );
    assert.match(error.message, words);
    assert.equal(error.detail?.field, field, error.message);
  }
  const good = { tool: "set_summary", input: '{"summary":"x"}' };
  for (const when of [{}, { in: "1m", at: "18:00" }, { in: "1m", tz: "UTC" }]) {
    await refusal("malformed", () => alice.api.schedule.tool({ ...good, ...when }));
  }
  await refusal("malformed", () => alice.api.schedule.tool({ ...good, at: "2020-01-01" }));
  const cron = { cron: "* * * * *", tz: "Mars/Olympus" };
  await refusal("malformed", () => alice.api.schedule.tool({ ...good, ...cron }));
  assert.deepEqual(await calls(alice), []);
});
