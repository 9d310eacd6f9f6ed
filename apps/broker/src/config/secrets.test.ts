import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { loadSecrets } from "./secrets.ts";

const address = "postgres://role:hidden@db.example/mesh";

test("the database is named by a variable or the file that another one names", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-secrets-"));
  try {
    const path = join(folder, "url");
    writeFileSync(path, `${address}\n`);
    const given = await loadSecrets({ DATABASE_URL: address });
    assert.equal(given.databaseUrl, address);
    assert.equal(given.databaseOwnerUrl, undefined);
    const read = await loadSecrets({ DATABASE_URL_FILE: path, DATABASE_OWNER_URL_FILE: path });
    assert.deepEqual([read.databaseUrl, read.databaseOwnerUrl], [address, address]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a flag names the file before any variable, and errors name the flag", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-secrets-"));
  try {
    const path = join(folder, "token");
    writeFileSync(path, "0123456789abcdef\n");
    const env = { CLAUDEMESH_METRICS_TOKEN: "another-token-of-mine" };
    const flags = ["--port", "0", "--metrics-token-file", path];
    assert.equal((await loadSecrets(env, flags)).metricsToken, "0123456789abcdef");
    await assert.rejects(loadSecrets({}, [`--database-url-file=${path}`]), {
      code: "malformed",
      message: "--database-url-file: expected postgres://role:password@host:port/database",
    });
    await assert.rejects(loadSecrets({}, [`--nats-url-file=${path}.none`]), {
      code: "not_found",
      message: `--nats-url-file: this file cannot be read: ${path}.none`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no address, or an empty one, leaves the store in the data folder", async () => {
  assert.equal((await loadSecrets({})).databaseUrl, undefined);
  assert.equal((await loadSecrets({ DATABASE_URL: "" })).databaseUrl, undefined);
});

test("what is no PostgreSQL address is refused by the variable's name, without its value", async () => {
  for (const wrong of ["mysql://role:hidden@db", "role:hidden@db"]) {
    await assert.rejects(loadSecrets({ DATABASE_URL: wrong }), (error: unknown) => {
      assert.ok(error instanceof MeshError);
      assert.equal(error.code, "malformed");
      assert.match(error.message, /^DATABASE_URL: /);
      assert.doesNotMatch(error.message, /hidden/);
      return true;
    });
  }
});
