import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { LocalDevice } from "@claudemesh/device";
import { type FileManifest, limits } from "@claudemesh/protocol";
import { Ground } from "../device/home-fixture.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";

const run = promisify(execFile);
const [script = ""] = readFileSync("docs/guide/files.md", "utf8").match(/(?<=```sh\n)[^`]+/) ?? [];
const [, list = "", fetched = "", put = ""] = script.split(/^# .*$/m);

const running = cluster();
const name =
  "an API key lists the files of its topics and fetches their ciphertext, with curl alone, and puts none";

test(name, async () => {
  await using ground = await Ground.start();
  await hold(ground);
});

test(`on PostgreSQL: ${name}`, { skip }, async () => {
  const { server, databases } = running();
  const databaseUrl = server.url(await databases.create());
  const secrets = { databaseUrl, encryptionKey: undefined, metricsToken: undefined };
  await using ground = await Ground.start({}, { secrets });
  await hold(ground);
});

async function hold(ground: Ground): Promise<void> {
  const [alice] = (await ground.mesh("alice", "bob")) as [LocalDevice];
  const folder = join(ground.folder, "curl");
  mkdirSync(folder);
  const path = join(folder, "report.bin");
  const content = randomBytes(limits.filePartBytes + 1_000);
  writeFileSync(path, content);
  for (const name of ["deploys", "other"]) await alice.api.topic.create({ name });
  await alice.api.topic.create({ name: "hidden", visibility: "private" });
  const { id } = await alice.api.file.share({ path, topic: "deploys", tags: ["draft"] });
  const other = await alice.api.file.share({ path, topic: "other" });
  const hidden = await alice.api.file.share({ path, topic: "hidden" });
  const named = await alice.api.file.share({ path, to: ["bob"] });
  const toAll = await alice.api.file.share({ path });

  const keyOf = async (name: string, more: object = {}) => {
    const made = await alice.api.apikey.create({ name, cap: "read", ...more });
    return { id: made.id, KEY: made.secret ?? "" };
  };
  const key = await keyOf("scoped", { topic: "deploys" });
  const wide = await keyOf("wide");
  const { PATH = "" } = process.env;
  const curl = async ({ KEY }: { KEY: string }, text: string, FILE: string = id) => {
    const env = { PATH, KEY, FILE, BROKER: ground.url };
    return (await run("sh", ["-c", text], { cwd: folder, env })).stdout;
  };
  const listed = async (by: { KEY: string }, query = "") =>
    JSON.parse(await curl(by, list.replace("?totals=true", `?totals=true${query}`)));
  const idsOf = ({ items }: { items: { manifest: FileManifest }[] }) =>
    items.map(({ manifest }) => manifest.file);

  const seen = await listed(key);
  assert.deepEqual(idsOf(seen), [id]);
  const [{ manifest }] = seen.items;
  assert.deepEqual(seen.total, { files: 1, bytes: manifest.bytes });
  assert.ok(!JSON.stringify(seen).includes("report.bin"), "the name is sealed");
  // What is sealed to its owner by name, and private topics, are no business of a key for all.
  assert.deepEqual(idsOf(await listed(wide)), [toAll.id, other.id, id]);
  assert.equal((await listed(key, "&to=*")).error.code, "forbidden");
  assert.equal((await listed(wide, `&to=${manifest.to}`)).items.length, 1);
  assert.equal((await listed(wide, `&recipient=${manifest.member}`)).items.length, 0);

  await curl(key, fetched);
  const sealed = readFileSync(join(folder, "file.sealed"));
  assert.equal(sealed.length, manifest.bytes);
  assert.equal(createHash("sha256").update(sealed).digest("hex"), manifest.sha256);
  // From any byte on, over the end of a part; and what is no range is refused.
  const from = limits.filePartBytes - 3;
  await curl(key, fetched.replace("curl", `curl -r ${from}-${from + 9}`));
  const piece = readFileSync(join(folder, "file.sealed"));
  assert.deepEqual(piece, sealed.subarray(from, from + 10));
  const status = fetched.replace("curl", "curl -w '%{http_code} %header{content-length}'");
  assert.equal((await curl(key, status)).trim(), `200 ${manifest.bytes}`);
  const codes = async (by: { KEY: string }, file: string, flags = "") =>
    (await curl(by, status.replace("curl", `curl ${flags}`), file)).slice(0, 3);
  for (const one of [other, hidden, named, toAll]) assert.equal(await codes(key, one.id), "404");
  for (const one of [hidden, named]) assert.equal(await codes(wide, one.id), "404");
  assert.equal(await codes(wide, toAll.id), "200");
  assert.equal(await codes(key, id, "-r 999999999-"), "400");
  assert.equal(await codes(key, "fil_x"), "400");

  const refused = JSON.parse(await curl(key, `printf x > report.bin; ${put}`));
  assert.equal(refused.error.code, "forbidden");
  assert.match(refused.error.hint, /--bot/);
  const blind = await alice.api.apikey.create({ name: "blind", cap: "send" });
  assert.equal(await codes({ KEY: blind.secret ?? "" }, id), "403");
  await alice.api.apikey.revoke({ id: key.id });
  assert.equal(await codes(key, id), "401");
  assert.equal((await listed(key)).error.code, "unauthorized");
}
