import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { limits, type MeshId } from "@claudemesh/protocol";
import { FolderBlobs } from "../../apps/broker/src/blob/folder.ts";
import { BlobSweep } from "../../apps/broker/src/blob/sweep.ts";
import { backupBroker } from "../../apps/broker/src/maintenance/backup.ts";
import { restoreBroker } from "../../apps/broker/src/maintenance/restore.ts";
import { Ground, read, refusal } from "../device/home-fixture.ts";

const part = (limits.filePartBytes / (limits.fileChunkBytes + 17)) * limits.fileChunkBytes;

/** A folder of one's own with a file in it. */
function made(ground: Ground, name: string, content: Uint8Array | string): string {
  const folder = join(ground.folder, "files");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function place(ground: Ground, name: string): string {
  const folder = join(ground.folder, "got", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const noticed = async (device: LocalDevice) =>
  (await read(device)).notices.filter(({ code }) => code === "file").map(({ text }) => text);

test("a file goes to one member, to a topic and to the mesh, and to nobody else", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = (await ground.mesh("alice", "bob", "carol")) as [
    LocalDevice,
    LocalDevice,
    LocalDevice,
  ];
  const content = Buffer.from(randomBytes(part + 100_001));
  const path = made(ground, "plan.bin", content);

  const sent = await alice.api.file.share({ path, to: ["bob"], tags: ["draft"] });
  assert.deepEqual(
    { ...sent, id: "" },
    { id: "", name: "plan.bin", bytes: content.length, to: "bob", state: "shared" },
  );
  const got = await bob.api.file.get({ id: sent.id.slice(-8), out: place(ground, "bob") });
  assert.equal(got.path, join(ground.folder, "got", "bob", "plan.bin"));
  assert.deepEqual(readFileSync(got.path), content);
  assert.equal(statSync(got.path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(ground.folder, "got", "bob")), ["plan.bin"]);
  assert.deepEqual([got.from.name, got.former, got.tags], ["alice", false, ["draft"]]);
  assert.match((await noticed(bob)).join(), /alice shared "plan.bin" with you/);
  const out = place(ground, "carol");
  await refusal("not_found", () => carol.api.file.get({ id: sent.id, out }));
  assert.deepEqual((await carol.api.file.list({})).items, []);

  const status = await alice.api.file.status({ id: sent.id });
  assert.deepEqual(status.recipients, ["bob"]);
  assert.deepEqual(
    status.downloads.map(({ name, count }) => [name, count]),
    [["bob", 1]],
  );
  const seen = await bob.api.file.status({ id: sent.id });
  assert.deepEqual([seen.recipients, seen.downloads.map(({ name }) => name)], [[], ["bob"]]);
  await refusal("not_found", () => carol.api.file.status({ id: sent.id }));
  await refusal("forbidden", () => bob.api.file.grant({ id: sent.id, to: ["carol"] }));

  assert.equal((await alice.api.file.grant({ id: sent.id, to: ["carol"] })).granted, 1);
  assert.equal((await alice.api.file.grant({ id: sent.id, to: ["carol"] })).granted, 0);
  const granted = await carol.api.file.get({ id: sent.id, out });
  assert.deepEqual(readFileSync(granted.path), content);
  await refusal("exists", () => carol.api.file.get({ id: sent.id, out }));
  await carol.api.file.get({ id: sent.id, out, overwrite: true });

  await alice.api.topic.create({ name: "secret", visibility: "private" });
  await alice.api.topic.invite({ name: "secret", member: "bob" });
  const small = made(ground, "note.txt", "only here");
  const inTopic = await alice.api.file.share({ path: small, topic: "secret" });
  const toAll = await alice.api.file.share({ path: small });
  assert.equal(inTopic.to, "#secret");
  const listed = async (device: LocalDevice, filter = {}) =>
    (await device.api.file.list(filter)).items.map(({ name, to }) => `${name} ${to}`);
  assert.deepEqual(await listed(bob), ["note.txt *", "note.txt #secret", "plan.bin members"]);
  assert.deepEqual(await listed(bob, { topic: "secret" }), ["note.txt #secret"]);
  assert.deepEqual(await listed(bob, { tag: "draft" }), ["plan.bin members"]);
  assert.deepEqual(await listed(bob, { from: "carol" }), []);
  assert.deepEqual(await listed(carol), ["note.txt *", "plan.bin members"]);
  // Over all that one may see: newest first, page by page, with what all of it comes to.
  const first = await bob.api.file.list({ limit: 2 });
  assert.deepEqual([first.items.length, first.total?.files], [2, 3]);
  assert.ok((first.total?.bytes ?? 0) > content.length);
  const rest = await bob.api.file.list({ limit: 2, before: first.before ?? 0 });
  assert.deepEqual([rest.items.map(({ id }) => id), rest.before], [[sent.id], undefined]);
  assert.deepEqual(await listed(alice, { to: "bob" }), ["plan.bin members"]);
  assert.deepEqual(await listed(alice, { to: "me" }), ["plan.bin members"]);
  assert.deepEqual(await listed(bob, { to: "me", from: "alice" }), ["plan.bin members"]);
  assert.deepEqual(await listed(bob, { to: "*" }), ["note.txt *"]);
  // To whom another's file was sealed besides is not told.
  assert.deepEqual(await listed(bob, { to: "carol" }), []);
  assert.deepEqual(await listed(bob, { to: "carol", from: "alice" }), []);
  await refusal("malformed", () => bob.api.file.list({ to: "me", topic: "secret" }));
  await refusal("no_recipient", () => bob.api.file.list({ to: "dan" }));
  await refusal("not_found", () => carol.api.file.get({ id: inTopic.id, out }));
  const note = await carol.api.file.get({ id: toAll.id, out: join(out, "other.txt") });
  assert.equal(readFileSync(note.path, "utf8"), "only here");

  await refusal("forbidden", () => carol.api.file.delete({ id: toAll.id }));
  await alice.api.file.delete({ id: toAll.id });
  await refusal("not_found", () => bob.api.file.get({ id: toAll.id, out }));
  assert.deepEqual(await listed(carol), ["plan.bin members"]);
});

test("what must not be shared or overwritten is refused, and odd files go through", async () => {
  await using ground = await Ground.start({ fileBytes: 300_000, meshFileBytes: 500_000 });
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  const share = (path: string) => alice.api.file.share({ path, to: ["bob"] });
  await refusal("malformed", () => share("relative.txt"));
  await refusal("not_found", () => share(join(ground.folder, "nothing")));
  await refusal("malformed", () => share(ground.folder));
  await refusal("malformed", () => share("/dev/null"));
  await refusal("forbidden", () => share(join(ground.home("alice"), "home.db")));
  await refusal("no_recipient", () => alice.api.file.share({ path: "/etc/hostname", to: ["dan"] }));
  await refusal("too_large", () => share(made(ground, "large", randomBytes(300_001))));
  const out = place(ground, "odd");
  for (const size of [0, 1, limits.fileChunkBytes, limits.fileChunkBytes + 1]) {
    const content = randomBytes(size);
    const { id } = await share(made(ground, `odd-${size}`, content));
    const { path } = await bob.api.file.get({ id, out });
    assert.deepEqual(readFileSync(path), Buffer.from(content));
    await alice.api.file.delete({ id });
  }
  await share(made(ground, "first", randomBytes(250_000)));
  await refusal("exhausted", () => share(made(ground, "second", randomBytes(280_000))));
  await refusal("malformed", () => bob.api.file.get({ id: "00000000", out: "here" }));
});

test("a share that fails once its upload was begun gives back its room at once", async () => {
  const bytes = 200_000;
  await using ground = await Ground.start({ meshFileBytes: bytes + 1_000 });
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  const path = made(ground, "twice", randomBytes(bytes));
  const mesh = (await alice.api.mesh.list({})).items[0]?.id as MeshId;
  const held = () => ground.broker.store.read.fileTotals(mesh);
  const { beginFile } = ground.broker.store.write;
  ground.broker.store.write.beginFile = async (input) => {
    const begun = await beginFile(input);
    writeFileSync(path, randomBytes(bytes));
    return begun;
  };
  await refusal("conflict", () => alice.api.file.share({ path, to: ["bob"] }));
  ground.broker.store.write.beginFile = beginFile;
  assert.deepEqual(await held(), { files: 0, bytes: 0 });
  const blobs = readdirSync(join(ground.folder, "broker", "blobs"), { recursive: true });
  assert.deepEqual(
    blobs.filter((name) => /\d{6}$/.test(String(name))),
    [],
  );
  // Where room was kept for the first, the second would have none.
  const { id } = await alice.api.file.share({ path, to: ["bob"] });
  assert.equal((await bob.api.file.list({})).items[0]?.id, id);
});

test("what is ephemeral goes by itself, and orphans are swept", async () => {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  await using ground = await Ground.start({}, { now });
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  const blobs = () => readdirSync(join(ground.folder, "broker", "blobs"), { recursive: true });
  const path = made(ground, "brief", "gone soon");
  const kept = await alice.api.file.share({ path, to: ["bob"] });
  const { id } = await alice.api.file.share({ path, to: ["bob"], ephemeral: "1h" });
  const isThere = (file: string) => blobs().some((name) => String(name).includes(file));
  assert.ok(isThere(id));
  ahead = 3_600_001;
  await refusal("not_found", () => bob.api.file.get({ id, out: place(ground, "late") }));
  const { broker } = ground;
  assert.equal((await broker.store.write.forgetFiles({ now: now(), limit: 10 })).length, 1);
  await ground.stopBroker();
  await ground.startBroker();
  // The rows are gone, what they named is an orphan now.
  assert.ok(isThere(id));
  const folder = new FolderBlobs(join(ground.folder, "broker", "blobs"), randomBytes);
  assert.equal(await new BlobSweep(ground.broker.store, folder, now).run(), 1);
  assert.ok(!isThere(id));
  assert.ok(isThere(kept.id));
});

test("a file that is shared while the broker is away waits, and goes up when it is back", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  const content = Buffer.from(randomBytes(part + 5));
  const path = made(ground, "late.bin", content);
  await alice.drain();
  await ground.stopBroker();
  const sent = await alice.api.file.share({ path, to: ["bob"] });
  assert.equal(sent.state, "pending");
  const again = await alice.api.file.share({ path, to: ["bob"] });
  assert.equal(again.id, sent.id);
  assert.deepEqual(
    (await alice.api.file.progress({})).items.map(({ state }) => state),
    ["pending"],
  );
  await ground.startBroker();
  const shared = new Promise<void>((resolve) => {
    ground.broker.store.onAppend((_mesh, entries) => {
      if (entries.some(({ kind }) => kind === "file")) resolve();
    });
  });
  const online = alice.keepOnline();
  await shared;
  await online.stop();
  const got = await bob.api.file.get({ id: sent.id, out: place(ground, "waited") });
  assert.deepEqual(readFileSync(got.path), content);
  assert.equal(existsSync(path), true);
});

test("a backup of the broker carries the bytes of files", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  const path = made(ground, "kept", "in the backup");
  const { id } = await alice.api.file.share({ path, to: ["bob"] });
  assert.equal((await alice.api.mesh.info({})).files, 1);
  const folder = join(ground.folder, "broker");
  const backup = join(ground.folder, "backup");
  await backupBroker({ folder, to: backup, at: Date.now() });
  await alice.api.file.delete({ id });
  await ground.stopBroker();
  rmSync(folder, { recursive: true });
  const wish = { from: backup, folder, force: false, at: Date.now(), random: randomBytes };
  await restoreBroker(wish);
  await ground.startBroker();
  const got = await bob.api.file.get({ id, out: place(ground, "restored") });
  assert.equal(readFileSync(got.path, "utf8"), "in the backup");
});
