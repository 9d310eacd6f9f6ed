import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { settings } from "@claudemesh/broker";
import { secretVariables } from "../../apps/broker/src/config/secrets.ts";
import { startBroker } from "../broker/support/broker.ts";
import { parseCompose, type Said } from "./compose-file.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const container = read("deploy/Containerfile");
const guides = readdirSync(join(root, "docs/guide")).map((name) => read(`docs/guide/${name}`));

type Map = { readonly [key: string]: Said };
const mapOf = (said: Said | undefined): Map => (said ?? {}) as Map;
const listOf = (said: Said | undefined): readonly string[] =>
  (said === undefined ? [] : Array.isArray(said) ? said : Object.keys(said)) as readonly string[];

/** The services of each file, and the port that it opens to the outside. */
const files = [
  { name: "compose.yaml", services: ["broker"], published: ["127.0.0.1:7900:7900"] },
  {
    name: "compose.nodes.yaml",
    services: ["broker-1", "broker-2", "proxy", "postgres", "nats"],
    published: ["443:443"],
  },
] as const;

/** Variables that images of others know. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  postgres: ["POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "POSTGRES_USER"],
};
const own = [
  ...Object.values(settings).map(({ env }) => env as string),
  ...secretVariables,
  "CLAUDEMESH_HOME",
];

for (const { name, services: expected, published } of files) {
  const said = parseCompose(read(`deploy/${name}`));
  const services = Object.entries(mapOf(said.services)).map(
    ([service, parts]) => [service, mapOf(parts)] as const,
  );

  test(`${name} has the services that it should, of images with a version, and names nothing that is not there`, () => {
    assert.deepEqual(
      services.map(([service]) => service),
      expected,
    );
    for (const [service, { build, image, ...parts }] of services) {
      if (build === undefined) assert.match(String(image), /^[a-z]+:\d[\w.-]*$/, service);
      else assert.ok(existsSync(join(root, String(mapOf(build).dockerfile))), service);
      for (const other of listOf(parts.depends_on)) {
        assert.ok(expected.includes(other as never), `${service} waits for ${other}`);
      }
      for (const what of ["networks", "secrets"] as const) {
        for (const one of listOf(parts[what])) {
          assert.ok(Object.hasOwn(mapOf(said[what]), one), `${service}: ${what}: ${one}`);
        }
      }
      for (const volume of listOf(parts.volumes)) requireThere(volume, said, name);
    }
    for (const { file } of Object.values(mapOf(said.secrets)).map(mapOf)) {
      const secret = String(file).replace("./secrets/", "");
      assert.match(read(`deploy/${name}`), new RegExp(`^#.*secrets/.*\\b${secret}\\b`, "m"));
    }
  });

  test(`${name} sets what the programs know, and publishes what a guide names`, () => {
    for (const [service, { environment, secrets }] of services) {
      const known = foreign[service] ?? own;
      for (const [variable, value] of Object.entries(mapOf(environment))) {
        assert.ok(known.includes(variable), `${service}: ${variable}`);
        const secret = /^\/run\/secrets\/(.*)$/.exec(String(value))?.[1];
        assert.equal(secret !== undefined, variable.endsWith("_FILE"), variable);
        if (secret !== undefined) assert.ok(listOf(secrets).includes(secret), variable);
      }
    }
    const ports = services.flatMap(([, { ports }]) => listOf(ports));
    assert.deepEqual(ports, published);
    for (const port of ports) {
      const outside = port.split(":").at(-2) ?? "";
      const isNamed = (guide: string) =>
        guide.includes(name) && new RegExp(`\\b${outside}\\b`).test(guide);
      assert.ok(guides.some(isNamed), `no guide that names ${name} says ${outside}`);
    }
  });
}

/** A bind mount lies beside the file, or its head says that the operator puts it there; a volume is declared. */
function requireThere(volume: string, said: Map, name: string): void {
  const [from = ""] = volume.split(":");
  const isBind = from.startsWith("./");
  const isThere = isBind
    ? existsSync(join(root, "deploy", from)) ||
      read(`deploy/${name}`).includes(`${from.slice(2)}/{`)
    : Object.hasOwn(mapOf(said.volumes), from);
  assert.ok(isThere, volume);
}

test("the brokers believe the network that the proxy is in", () => {
  const said = parseCompose(read("deploy/compose.nodes.yaml"));
  const { environment } = mapOf(mapOf(said.services)["broker-1"]);
  const [subnet] = /subnet: (\S+)/.exec(read("deploy/compose.nodes.yaml")) ?? [];
  assert.equal(subnet, `subnet: ${mapOf(environment).CLAUDEMESH_TRUST_PROXY}`);
});

test("no key of an operator gets into an image's source or into git", () => {
  for (const file of [".dockerignore", ".gitignore"]) {
    const lines = read(file).split("\n");
    for (const folder of ["deploy/certs", "deploy/secrets"]) {
      assert.ok(lines.includes(folder) || lines.includes(`${folder}/`), `${file}: ${folder}`);
    }
  }
});

test("the image is of a version, and its health check is told from a broker that serves and from none", async () => {
  const bases = [...container.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  assert.deepEqual(new Set(bases), new Set(["node:24-bookworm-slim"]));
  const [, check = ""] = /^HEALTHCHECK .*\\\n {2}CMD (\[.*\])$/m.exec(container) ?? [];
  const [program, ...args] = JSON.parse(check) as string[];
  assert.equal(program, "node");
  const [, exposed] = /^EXPOSE (\d+)$/m.exec(container) ?? [];
  const start = `CMD ["broker", "start", "--host", "0.0.0.0", "--port", "${exposed}"]`;
  assert.ok(container.includes(start), start);
  assert.ok(check.includes(`:${exposed}/`));
  const at = await startBroker();
  const asked = async () => {
    const own = args.map((arg) => arg.replace(`:${exposed}/`, `:${at.broker.port}/`));
    const [code] = await once(spawn(process.execPath, own, { stdio: "ignore" }), "exit");
    return code as number;
  };
  assert.equal(await asked(), 0);
  await at[Symbol.asyncDispose]();
  assert.equal(await asked(), 1);
});
