import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { type FileManifest, limits, MeshError } from "@claudemesh/protocol";
import { Ground } from "../device/home-fixture.ts";

const part = (limits.filePartBytes / (limits.fileChunkBytes + 17)) * limits.fileChunkBytes;

interface Row {
  readonly file: string;
  readonly manifest: string;
  readonly shared: string | null;
  readonly sealed: string | null;
}

/** A broker's operator at its own disk. */
class Liar {
  readonly #ground: Ground;
  readonly #db: DatabaseSync;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#db = new DatabaseSync(join(ground.folder, "broker", "broker.db"), { timeout: 10_000 });
  }

  part(file: string, number: number): string {
    const blobs = join(this.#ground.folder, "broker", "blobs");
    const found = readdirSync(blobs, { recursive: true }).find((name) =>
      String(name).endsWith(file),
    );
    return join(blobs, String(found), String(number).padStart(6, "0"));
  }

  flip(file: string, number: number, at: number): void {
    const path = this.part(file, number);
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }

  row(file: string): Row {
    return this.#db
      .prepare(
        `SELECT file.file, manifest, shared, (SELECT sealed FROM file_seal AS s WHERE s.file = file.file
           AND s.member <> file.member) AS sealed FROM file WHERE file.file = ?`,
      )
      .get(file) as unknown as Row;
  }

  manifest(file: string, change: (manifest: FileManifest) => object): void {
    const changed = JSON.stringify(change(JSON.parse(this.row(file).manifest)));
    this.#db.prepare("UPDATE file SET manifest = ? WHERE file = ?").run(changed, file);
  }

  set(file: string, column: "manifest" | "shared", value: string | null): void {
    this.#db.prepare(`UPDATE file SET ${column} = ? WHERE file = ?`).run(value, file);
  }

  seal(file: string, sealed: string | null): void {
    this.#db.prepare("UPDATE file_seal SET sealed = ? WHERE file = ?").run(sealed, file);
  }

  close(): void {
    this.#db.close();
  }
}

const bad = ["bad_signature", "forbidden", "malformed", "unavailable"];

test("a broker that alters, cuts, swaps or forges files is caught, and nothing of it is kept", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  const liar = new Liar(ground);
  const folder = join(ground.folder, "files");
  const out = join(ground.folder, "got");
  for (const path of [folder, out]) mkdirSync(path);
  const share = async (name: string, bytes: number, to?: string[]) => {
    const path = join(folder, name);
    writeFileSync(path, randomBytes(bytes));
    return (await alice.api.file.share({ path, ...(to === undefined ? {} : { to }) })).id;
  };
  const one = await share("one", 2 * part, ["bob"]);
  const two = await share("two", 2 * part, ["bob"]);
  const all = await share("all", 1_000);
  const other = await share("other", 1_000);
  const rows = new Map<string, Row>([one, two, all, other].map((id) => [id, liar.row(id)]));
  const restore = (id: string) => {
    const row = rows.get(id);
    liar.set(id, "manifest", row?.manifest ?? "");
    liar.set(id, "shared", row?.shared ?? null);
    if (row?.sealed != null) liar.seal(id, row.sealed);
  };
  const keep = (id: string) => {
    for (const n of [0, 1]) copyFileSync(liar.part(id, n), join(ground.folder, `${id}-${n}`));
  };
  const putBack = (id: string) => {
    for (const n of [0, 1]) copyFileSync(join(ground.folder, `${id}-${n}`), liar.part(id, n));
  };
  keep(one);

  const caught = async (what: string, id: string) => {
    await assert.rejects(
      bob.api.file.get({ id, out }),
      (error: unknown) => error instanceof MeshError && bad.includes(error.code),
      what,
    );
    assert.deepEqual(readdirSync(out), [], what);
  };
  const swapParts = (a: [string, number], b: [string, number]) => {
    const [first, second] = [readFileSync(liar.part(...a)), readFileSync(liar.part(...b))];
    writeFileSync(liar.part(...a), second);
    writeFileSync(liar.part(...b), first);
  };

  liar.flip(one, 0, 0);
  await caught("its first byte", one);
  putBack(one);
  liar.flip(one, 1, limits.filePartBytes - 1);
  await caught("its last byte", one);
  putBack(one);
  swapParts([one, 0], [one, 1]);
  await caught("parts in another order", one);
  putBack(one);
  copyFileSync(liar.part(one, 0), liar.part(one, 1));
  await caught("a part twice", one);
  putBack(one);
  copyFileSync(liar.part(two, 1), liar.part(one, 1));
  await caught("a part of another file", one);
  putBack(one);
  const cut = (manifest: FileManifest) => ({ ...manifest, bytes: limits.filePartBytes });
  liar.manifest(one, cut);
  await caught("a manifest that is cut short", one);
  restore(one);

  liar.set(one, "manifest", rows.get(two)?.manifest ?? "");
  await caught("another file's manifest", one);
  liar.seal(one, rows.get(two)?.sealed ?? "");
  await caught("another file's manifest and key", one);
  liar.set(one, "manifest", rows.get(one)?.manifest ?? "");
  await caught("another file's key", one);
  restore(one);
  liar.seal(
    one,
    (rows.get(one)?.sealed ?? "").replace(/^./, (first) => (first === "A" ? "B" : "A")),
  );
  await caught("a key that was altered", one);
  restore(one);
  const { items } = await alice.api.member.list({});
  const bobsId = items.find(({ name }) => name === "bob")?.id;
  liar.manifest(one, (manifest) => ({ ...manifest, member: bobsId }));
  await caught("another uploader", one);
  restore(one);
  for (const change of [
    (m: FileManifest) => ({ ...m, at: m.at + 1 }),
    (m: FileManifest) => ({ ...m, expiresAt: m.at + 1e12 }),
    (m: FileManifest) => ({ ...m, sha256: "0".repeat(64) }),
    (m: FileManifest) => ({ ...m, inside: "0".repeat(64) }),
    (m: FileManifest) => ({ ...m, head: { ...m.head, seq: m.head.seq - 1 } }),
  ]) {
    liar.manifest(all, change);
    await assert.rejects(bob.api.file.get({ id: all, out }), MeshError, String(change));
    restore(all);
  }
  assert.deepEqual(readdirSync(out), []);
  liar.set(all, "shared", rows.get(other)?.shared ?? null);
  await assert.rejects(bob.api.file.get({ id: all, out: join(out, "x") }), MeshError);
  const listed = await bob.api.file.list({});
  assert.equal(listed.ignored, 1);
  assert.equal(listed.items.length, 3);
  restore(all);

  const got = await bob.api.file.get({ id: one, out });
  assert.deepEqual(readFileSync(got.path), readFileSync(join(folder, "one")));
  truncateSync(liar.part(two, 1), 100);
  await assert.rejects(bob.api.file.get({ id: two, out }), MeshError);
  liar.close();
});
