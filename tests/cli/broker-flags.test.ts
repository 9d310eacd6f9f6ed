import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { World } from "./world.ts";

const certificates = join(import.meta.dirname, "../hardening/certificates");

/** A world with a broker that is all settings. */
class StrictWorld extends World {
  async serve(...flags: readonly string[]): Promise<string> {
    const args = ["broker", "start", "--json", "--port", "0", ...flags];
    return ((await this.spawnBroker("alice", args)) as { url: string }).url;
  }
}

/** Asks over TLS, as if a proxy of this machine had passed it on for somebody else. */
async function ask(url: string, token?: string): Promise<number | undefined> {
  const headers = {
    "x-forwarded-for": "192.0.2.7",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return await new Promise((resolve, reject) => {
    get(url, { headers, rejectUnauthorized: false }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    }).on("error", reject);
  });
}

test("a broker in production with TLS, key and metrics token takes all of it from flags", async () => {
  await using world = new StrictWorld({ daemon: "off" });
  const key = join(world.folder, "encryption-key");
  const token = join(world.folder, "metrics-token");
  writeFileSync(key, `${Buffer.alloc(32, 7).toString("base64")}\n`, { mode: 0o600 });
  writeFileSync(token, "a-token-for-prometheus\n", { mode: 0o600 });
  const url = await world.serve(
    "--production",
    ...["--encryption-key-file", key, "--metrics-token-file", token],
    ...["--tls-cert", join(certificates, "first.cert.pem")],
    ...["--tls-key", join(certificates, "first.key.pem")],
    ...["--trust-proxy", "127.0.0.1", "--connections=64", "--no-jobs"],
  );
  assert.match(url, /^https:/);
  assert.equal(await ask(`${url}/health`), 200);
  assert.notEqual(await ask(`${url}/metrics`), 200);
  assert.equal(await ask(`${url}/metrics`, "a-token-for-prometheus"), 200);
  assert.equal(await world.stopBroker(), 0);
});
