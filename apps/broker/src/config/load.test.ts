import assert from "node:assert/strict";
import { test } from "node:test";
import { limits, MeshError } from "@claudemesh/protocol";
import { loadConfig } from "./load.ts";
import { settingNames, settings } from "./settings.ts";

const malformed = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof MeshError);
  assert.equal(error.code, "malformed");
  assert.match(error.message, message);
  return true;
};

test("flags win over the environment, and overrides over both", () => {
  const env = { CLAUDEMESH_PORT: "1", CLAUDEMESH_HOST: "0.0.0.0", CLAUDEMESH_LOG_LEVEL: "warn" };
  const args = [
    "--port=2",
    "--host",
    "::1",
    "--trust-proxy",
    "10.0.0.0/8, ::1",
    "--rate-message",
    "2.5/7",
  ];
  const config = loadConfig({ env, args, overrides: { port: 3 } });
  assert.deepEqual([config.port, config.host, config.logLevel], [3, "::1", "warn"]);
  assert.deepEqual(config.trustProxy, ["10.0.0.0/8", "::1"]);
  assert.deepEqual(config.rateMessage, { perSecond: 2.5, burst: 7 });
  assert.ok(Object.isFrozen(config));
});

test("the defaults are those of the protocol", () => {
  const config = loadConfig();
  assert.deepEqual([config.host, config.port], ["127.0.0.1", 7900]);
  assert.equal(config.directTtlMs, limits.directTtlMs);
  assert.deepEqual(config.rateJoin, { perSecond: 5, burst: 20 });
});

test("what cannot be is refused by name", () => {
  const cases: [readonly string[], RegExp][] = [
    [["--port", "70000"], /--port/],
    [["--port"], /--port needs a value/],
    [["--prot", "1"], /--prot/],
    [["--origins", "ftp://x"], /--origins/],
    [["--public-url", "https://user@x"], /--public-url/],
    [["--rate-read", "0/1"], /--rate-read/],
    [["--rate-ops", "fly.away=1/1"], /fly\.away is not an operation/],
    [["--trust-proxy", "10.0.0.0/33"], /--trust-proxy/],
    [["--tls-cert", "cert.pem"], /--tls-key/],
    [["--frame-bytes", "9999999"], /--frame-bytes/],
    [["--ping-ms", "20000"], /--ping-ms must be below --dead-peer-ms/],
    [["--connections", "4"], /--anonymous-per-address/],
    [["--production", "yes"], /^yes is not a setting/],
    [["--production=yes"], /^--production: expected true or false/],
    [["--log-level", "loud"], /^--log-level: expected one of debug, /],
    [["--port", "x"], /^--port: expected a whole number$/],
    [["--metrics-token=hush-hush"], /^--metrics-token would show a secret to who lists processes$/],
    [["--nothing=hush-hush"], /^--nothing is not a setting of the broker$/],
  ];
  for (const [args, message] of cases)
    assert.throws(() => loadConfig({ args }), malformed(message));
  assert.throws(() => loadConfig({ env: { CLAUDEMESH_PORT: "x" } }), malformed(/CLAUDEMESH_PORT/));
});

test("an empty variable is a value only where nothing is one, and whoever starts it may have other defaults", () => {
  const env = { CLAUDEMESH_PORT: "", CLAUDEMESH_DATA: "", CLAUDEMESH_TLS_CERT: "" };
  const defaults = { dataDir: "/home/data", logLevel: "warn" } as const;
  const config = loadConfig({ env, defaults });
  assert.deepEqual([config.port, config.dataDir, config.tlsCert], [7900, "/home/data", ""]);
  assert.equal(loadConfig({ defaults, args: ["--log-level=debug"] }).logLevel, "debug");
  assert.equal(loadConfig({ env: { CLAUDEMESH_LOG_LEVEL: "info" }, defaults }).logLevel, "info");
});

test("an unknown variable is warned about, those of the device are not", () => {
  const warned: string[] = [];
  const env = { CLAUDEMESH_PROT: "1", CLAUDEMESH_HOME: "/x", CLAUDEMESH_DEV: "1", PATH: "/bin" };
  loadConfig({ env, warn: (message) => warned.push(message) });
  assert.equal(warned.length, 1);
  assert.match(warned[0] ?? "", /CLAUDEMESH_PROT/);
});

test("the table is sorted and no two settings share a name", () => {
  assert.deepEqual(settingNames, [...settingNames].sort());
  const flags = settingNames.map((name) => settings[name].flag);
  assert.equal(new Set(flags).size, flags.length);
});
