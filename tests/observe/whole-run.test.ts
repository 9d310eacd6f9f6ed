import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  createInviteCode,
  fromBase64,
  inviteSecret,
  ready,
  systemRandom,
  toBase64,
} from "@claudemesh/crypto";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { SecretSearch } from "../../packages/testkit/src/secret-search.ts";
import { type Ran, World } from "../cli/world.ts";
import { openHomeStore } from "../system/home-rows.ts";

await ready();

const bound = { timeout: 240_000 };

/** Text that nothing else can contain. */
const canary = (): string => toBase64(systemRandom(18)).replaceAll(/[-_]/g, "x");

/** What every file below a folder says; a log that was rotated away is one of them. */
function textBelow(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"))
    .join("\n");
}

/** Seeds, mesh keys and invite codes of a home. */
function addSecrets(search: SecretSearch, home: string): void {
  const { seed } = JSON.parse(readFileSync(join(home, "identity.json"), "utf8"));
  search.add(`seed of ${home}`, fromBase64(seed));
  using store = openHomeStore(home);
  for (const { key } of store.rows<{ key: string }>("SELECT key FROM ring")) {
    search.add(`mesh key in ${home}`, fromBase64(key));
  }
  for (const { code } of store.rows<{ code: string }>("SELECT code FROM invite_made")) {
    search.add(`invite code of ${home}`, code);
  }
}

test(
  "a whole run at level debug logs no secret and no text, and every refusal is found by its request id",
  bound,
  async (t) => {
    await using world = new World();
    const encryptionKey = toBase64(systemRandom(32));
    const metricsToken = canary();
    await using broker = await BrokerProcess.start({
      folder: join(world.folder, "data"),
      logLevel: "debug",
      env: {
        CLAUDEMESH_ENCRYPTION_KEY: encryptionKey,
        CLAUDEMESH_METRICS_TOKEN: metricsToken,
      },
    });
    const fine = async (person: string, command: string): Promise<Ran> => {
      const ran = await world.run(person, command);
      assert.equal(ran.exit, 0, `${command}\n${ran.stderr}`);
      return ran;
    };
    const created = await fine(
      "alice",
      `claudemesh new lab --broker ${broker.url} --display-name alice --json`,
    );
    const mesh = /mesh_[0-9a-f]{64}/.exec(created.stdout)?.[0];
    assert.ok(mesh !== undefined, created.stdout);
    await world.gather("alice", ["bob"]);

    const [sent, posted, named] = [canary(), canary(), canary()];
    await fine("alice", `claudemesh send bob '${sent}'`);
    const read = await fine("bob", "claudemesh inbox --wait 60s");
    assert.ok(read.stdout.includes(sent));
    await fine("alice", "claudemesh topic create plans");
    await fine("bob", "claudemesh topic join plans");
    await fine("bob", `claudemesh topic post plans '${posted}'`);
    const code = createInviteCode(systemRandom);
    const refused = await world.run(
      "alice",
      `claudemesh join '${broker.url}/i/${inviteSecret(code).id}#${code}' --json`,
    );
    const unknown = await world.run(
      "alice",
      `claudemesh send nobody-of-that-name '${named}' --json`,
    );
    for (const { exit } of [refused, unknown]) assert.notEqual(exit, 0);

    const bearer = { authorization: `Bearer cm_${canary()}${canary()}` };
    await fetch(`${broker.url}/v1/peers?note=${canary()}`, { headers: bearer });
    const page = await fetch(`${broker.url}/nowhere`);
    await fetch(`${broker.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });

    const search = new SecretSearch();
    search.add("encryption key", encryptionKey);
    search.add("encryption key's bytes", fromBase64(encryptionKey));
    search.add("metrics token", metricsToken);
    search.add("API key", bearer.authorization.slice("Bearer ".length));
    search.add("invite code that nobody made", code);
    for (const text of [sent, posted, named]) search.add(`text ${text}`, text);
    for (const person of ["alice", "bob"]) addSecrets(search, world.home(person));

    assert.equal(await broker.stop(), 0);
    const log = broker.lines.join("\n");
    const daemons = ["alice", "bob"].map((person) => textBelow(join(world.home(person), "logs")));
    assert.ok(broker.lines.some((line) => line.includes('"event":"call"') && line.includes(mesh)));
    for (const line of broker.lines) assert.doesNotThrow(() => JSON.parse(line), line);
    for (const [place, text] of [
      ["the broker's log", log],
      ["alice's daemon's log", daemons[0] ?? ""],
      ["bob's daemon's log", daemons[1] ?? ""],
      ["what verbs that failed said", refused.stderr + unknown.stderr.replaceAll(named, "")],
    ] as const) {
      assert.ok(text.length > 0, `${place} is empty`);
      assert.deepEqual(search.find(Buffer.from(text)), [], place);
      t.diagnostic(`${place}: ${text.length} bytes, none of ${search.size} secrets`);
    }

    const lineOf = (requestId: string) =>
      broker.lines.map((line) => JSON.parse(line)).filter((line) => line.requestId === requestId);
    const { requestId } = JSON.parse(refused.stderr).error as { requestId: string };
    const [line] = lineOf(requestId).filter(({ event }) => event === "call refused");
    assert.equal(line?.code, JSON.parse(refused.stderr).error.code, refused.stderr);
    const told = ((await page.json()) as { error: { requestId: string } }).error.requestId;
    assert.equal(told, page.headers.get("x-request-id"));
    assert.equal(lineOf(told)[0]?.status, 404);
  },
);
