import assert from "node:assert/strict";
import { join, posix } from "node:path";
import { test } from "node:test";
import { importsOf, isTest, root, sources } from "./sources.ts";

interface Layer {
  readonly folder: string;
  /** packages that it may import; relative imports stay inside the folder */
  readonly may: readonly string[];
  readonly node: boolean;
  readonly why: string;
}

const layers: readonly Layer[] = [
  {
    folder: "packages/protocol/src",
    may: ["zod"],
    node: false,
    why: "the protocol says what can be said; it does no I/O, reads no clock and knows no cryptography",
  },
  {
    folder: "packages/crypto/src",
    may: ["@claudemesh/protocol", "libsodium-wrappers-sumo"],
    node: false,
    why: "crypto is bytes in, bytes out, the same in Node and browser, on libsodium alone",
  },
  {
    folder: "packages/sdk/src",
    may: ["@claudemesh/crypto", "@claudemesh/protocol"],
    node: false,
    why: "the SDK runs in browsers too",
  },
  {
    folder: "packages/device/src",
    may: [
      "@claudemesh/crypto",
      "@claudemesh/crypto/file-cipher",
      "@claudemesh/protocol",
      "@claudemesh/sdk",
      "croner",
      "yauzl",
      "zod",
    ],
    node: true,
    why: "a device speaks to brokers through the SDK only",
  },
  {
    folder: "apps/broker/src",
    may: [
      "@aws-sdk/client-s3",
      "@claudemesh/crypto/at-rest",
      "@claudemesh/crypto/audit-hash",
      "@claudemesh/crypto/signal-box",
      "@claudemesh/crypto/verify",
      "@claudemesh/protocol",
      "@claudemesh/protocol/derive",
      "@nats-io/transport-node",
      "@opentelemetry/api",
      "@opentelemetry/exporter-trace-otlp-http",
      "@opentelemetry/resources",
      "@opentelemetry/sdk-trace-node",
      "croner",
      "ipaddr.js",
      "jsonpath-rfc9535",
      "kysely",
      "pg",
      "ws",
      "zod",
    ],
    node: true,
    why: "the broker verifies and never opens: it must not be able to read a message",
  },
  {
    folder: "packages/local-link/src",
    may: ["@claudemesh/device", "@claudemesh/protocol", "@claudemesh/protocol/light", "zod"],
    node: true,
    why: "the local link is how a verb reaches the daemon: types of the device, never the device itself",
  },
  {
    folder: "apps/daemon/src",
    may: [
      "@claudemesh/device",
      "@claudemesh/device/lock",
      "@claudemesh/local-link",
      "@claudemesh/protocol",
      "zod",
    ],
    node: true,
    why: "the daemon keeps a device running and serves it; keys and connections are the device's",
  },
  {
    folder: "apps/cli/src",
    may: [
      "@claudemesh/device",
      "@claudemesh/device/framing",
      "@claudemesh/local-link",
      "@claudemesh/local-link/light",
      "@claudemesh/protocol",
      "@claudemesh/protocol/derive",
      "@claudemesh/protocol/light",
      "jsonc-parser",
    ],
    node: true,
    why: "the command line knows only DeviceApi; keys, connections and brokers are not its business",
  },
];

for (const layer of layers) {
  test(`${layer.folder} imports only what its layer may`, () => {
    const files = sources(`${layer.folder}/**/*.ts`).filter((file) => !isTest(file.path));
    assert.ok(files.length > 0, `no sources in ${layer.folder}`);
    for (const file of files) {
      for (const name of importsOf(file)) {
        const fine = name.startsWith(".")
          ? posix.join(posix.dirname(file.path), name).startsWith(`${layer.folder}/`)
          : name.startsWith("node:")
            ? layer.node
            : layer.may.some((allowed) => name === allowed);
        assert.ok(fine, `${file.path} imports ${name}: ${layer.why}`);
      }
    }
  });
}

test("nobody imports an app, except the binary that composes them", () => {
  const apps = ["@claudemesh/broker", "@claudemesh/daemon", "claudemesh-cli"];
  for (const file of sources("{packages,apps}/**/*.{ts,js}")) {
    if (isTest(file.path) || file.path.startsWith("apps/cli/bin/")) continue;
    for (const name of importsOf(file)) {
      const taken = apps.some((app) => name === app || name.startsWith(`${app}/`));
      assert.ok(!taken, `${file.path} imports ${name}: apps are composed in apps/cli/bin only`);
    }
  }
});

test("primitives stay in packages/crypto", () => {
  for (const file of sources("{packages,apps,bench,scripts}/**/*.{ts,js}")) {
    if (file.path.startsWith("packages/crypto/") || isTest(file.path)) continue;
    for (const name of importsOf(file)) {
      const primitive = name === "node:crypto" || name.startsWith("libsodium");
      assert.ok(!primitive, `${file.path} imports ${name}: one package composes cryptography`);
    }
  }
});

test("inside a package nobody goes through its own front door", () => {
  for (const file of sources("{packages,apps}/*/src/**/*.ts")) {
    if (isTest(file.path)) continue;
    const folder = file.path.split("/src/")[0] as string;
    const door = join(root, folder, "src/index.ts");
    for (const name of importsOf(file)) {
      if (!name.startsWith(".")) continue;
      const target = join(root, posix.dirname(file.path), name);
      assert.notEqual(target, door, `${file.path}: import the file, not the package's index`);
    }
  }
});

test("a verb that goes through the daemon loads no device", () => {
  const value = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+"@claudemesh\/device"/m;
  for (const file of sources("{packages/local-link/src,apps/cli/src}/**/*.ts")) {
    if (isTest(file.path)) continue;
    assert.doesNotMatch(
      file.text,
      value,
      `${file.path} loads the device: import its types, or load it when it is needed`,
    );
  }
});
