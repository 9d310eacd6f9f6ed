import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ready, systemRandom, toBase64 } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import { loadSecrets } from "../../apps/broker/src/config/secrets.ts";
import { createLogger } from "../../apps/broker/src/logger.ts";
import { requireSafe } from "../../apps/broker/src/production.ts";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { newFolder } from "../broker/support/broker.ts";

await ready();

const main = join(import.meta.dirname, "../../apps/broker/src/main.ts");

/** Starts the broker's program, which is to refuse; answers its one error and how it ended. */
async function refusedStart(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, "--port", "0", "--data", newFolder(), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
  const [exit] = (await once(child, "close")) as [number | null];
  const line = text.trim().split("\n").at(-1) ?? "";
  return {
    error: JSON.parse(line).error as { code: string; message: string; hint?: string },
    exit,
    text,
  };
}

test("in production it does not start without an encryption key, and starts with one from a file", async () => {
  const refused = await refusedStart(["--production"]);
  assert.equal(refused.error.code, "forbidden");
  assert.match(refused.error.hint ?? "", /CLAUDEMESH_ENCRYPTION_KEY_FILE/);
  assert.equal(refused.exit, 7);

  const key = toBase64(systemRandom(32));
  const file = join(newFolder(), "key");
  writeFileSync(file, `${key}\n`);
  chmodSync(file, 0o600);
  const folder = newFolder();
  const env = { CLAUDEMESH_ENCRYPTION_KEY_FILE: file };
  const start = { folder, env, flags: ["--production"] };
  {
    await using broker = await BrokerProcess.start(start);
    assert.equal((await fetch(`${broker.url}/health`)).status, 200);
  }
  const kept = readFileSync(join(folder, "keys.json"), "utf8");
  assert.equal(JSON.parse(kept).v, 2);
  assert.ok(!kept.includes(key));
  await using again = await BrokerProcess.start(start);
  assert.equal((await fetch(`${again.url}/health`)).status, 200);
});

test("a wrong secret is refused by the name of its variable, and never shown", async () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ CLAUDEMESH_ENCRYPTION_KEY: "hush-hush-hush" }, /CLAUDEMESH_ENCRYPTION_KEY/],
    [{ CLAUDEMESH_METRICS_TOKEN: "hush-hush" }, /CLAUDEMESH_METRICS_TOKEN/],
    [{ CLAUDEMESH_METRICS_TOKEN_FILE: "/nowhere/hush" }, /CLAUDEMESH_METRICS_TOKEN_FILE/],
    [{ CLAUDEMESH_METRICS_TOKEN: "x".repeat(20), CLAUDEMESH_METRICS_TOKEN_FILE: "/x" }, /not both/],
  ];
  for (const [env, message] of cases) {
    await assert.rejects(loadSecrets(env), (error: unknown) => {
      assert.ok(error instanceof MeshError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message.replace("/nowhere/hush", ""), /hush/);
      return true;
    });
  }
  const { text } = await refusedStart([], { CLAUDEMESH_ENCRYPTION_KEY: "hush-hush-hush" });
  assert.doesNotMatch(text, /hush/);
});

test("keys are read in both alphabets of base64, with padding and without", async () => {
  const bytes = Buffer.from(systemRandom(32));
  for (const text of [bytes.toString("base64"), bytes.toString("base64url")]) {
    const { encryptionKey } = await loadSecrets({ CLAUDEMESH_ENCRYPTION_KEY: text });
    assert.deepEqual(Buffer.from(encryptionKey ?? []), bytes);
  }
  const none = Object.values(await loadSecrets({}));
  assert.ok(none.length > 0 && none.every((secret) => secret === undefined));
});

test("root on an address that others reach is warned about, and refused in production", async () => {
  const secrets = await loadSecrets({ CLAUDEMESH_ENCRYPTION_KEY: toBase64(systemRandom(32)) });
  const surroundings = (host: string, user: number | undefined, production: boolean) => {
    const lines: string[] = [];
    const log = createLogger({ level: "warn", now: () => 0, write: (line) => lines.push(line) });
    const config = { host, production, publicUrl: "https://mesh.example", tlsCert: "" };
    return { lines, given: { config, secrets, user, log } };
  };
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "mesh.example"]) {
    const warned = surroundings(host, 0, false);
    requireSafe(warned.given);
    assert.match(warned.lines.join(), /must not run as root/);
    const refused = surroundings(host, 0, true);
    assert.throws(() => requireSafe(refused.given), /must not run as root/);
  }
  for (const [host, user] of [
    ["127.0.0.1", 0],
    ["localhost", 0],
    ["::1", 0],
    ["0.0.0.0", 1000],
    ["0.0.0.0", undefined],
  ] as const) {
    const fine = surroundings(host, user, true);
    requireSafe(fine.given);
    assert.deepEqual(fine.lines, []);
  }
});

test("without TLS on an address that others reach it warns", async () => {
  const lines: string[] = [];
  const log = createLogger({ level: "warn", now: () => 0, write: (line) => lines.push(line) });
  const config = { host: "0.0.0.0", production: false, publicUrl: "http://192.0.2.1", tlsCert: "" };
  requireSafe({ config, secrets: await loadSecrets({}), user: 1000, log });
  assert.match(lines.join(), /without TLS/);
});
