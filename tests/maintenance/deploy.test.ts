import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { settings } from "@claudemesh/broker";
import { secretVariables } from "../../apps/broker/src/config/secrets.ts";

const folder = join(import.meta.dirname, "../../deploy");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
/** Why a program cannot be asked; false where it is on this machine. */
const without = (program: string): string | false =>
  spawnSync(program, ["-h"]).error === undefined ? false : `${program} is not on this machine`;

test("what the files of deploy/ set is a setting of the broker or the command line's own", () => {
  const rows = Object.values(settings);
  const own = rows.map(({ env }) => env);
  const variables = new Set<string>([...own, ...secretVariables, "CLAUDEMESH_HOME"]);
  const flags = new Set<string>(rows.map(({ flag }) => flag));
  let seen = 0;
  for (const name of readdirSync(folder)) {
    if (
      !/^(Containerfile|compose(\.nodes)?\.yaml|.*\.service|Caddyfile|nginx(\.nodes)?\.conf)$/.test(
        name,
      )
    )
      continue;
    for (const [variable] of read(name).matchAll(/CLAUDEMESH_[A-Z_]+/g)) {
      seen += 1;
      assert.ok(variables.has(variable), `${name}: ${variable} is no setting`);
    }
    for (const [, flag = ""] of read(name).matchAll(
      / (--(?:host|port|data|public-url|trust-proxy)\b)/g,
    )) {
      seen += 1;
      assert.ok(flags.has(flag), `${name}: ${flag} is no flag of the broker`);
    }
  }
  assert.ok(seen > 10);
});

test("nothing but this machine reaches what compose publishes, and nothing runs as root", () => {
  const compose = read("compose.yaml");
  assert.doesNotMatch(compose, /\t/);
  const ports = [...compose.matchAll(/- "([^"]+:7900)"/g)].map(([, port]) => port);
  assert.deepEqual(ports, ["127.0.0.1:7900:7900"]);
  const lines = read("Containerfile").split("\n");
  const user = lines.findLastIndex((line) => line.startsWith("USER "));
  assert.ok(user > lines.findLastIndex((line) => line.startsWith("FROM ")));
  assert.ok(lines[user] !== "USER root");
  assert.match(read("claudemesh-broker.service"), /^User=claudemesh$/m);
});

test("of several nodes only the proxy is published, secrets are files, and what is named is there", () => {
  const compose = read("compose.nodes.yaml");
  assert.doesNotMatch(compose, /\t/);
  const ports = [...compose.matchAll(/- "(\d[\d.:]*)"/g)].map(([, port]) => port);
  assert.deepEqual(ports, ["443:443"]);
  for (const [, variable = ""] of compose.matchAll(/^ +([A-Z_]+)_FILE:/gm)) {
    assert.ok(
      secretVariables.includes(`${variable}_FILE`) || variable === "POSTGRES_PASSWORD",
      variable,
    );
  }
  assert.doesNotMatch(compose, /^ +(DATABASE_URL|NATS_URL|CLAUDEMESH_ENCRYPTION_KEY):/m);
  const [upstream = ""] = /upstream claudemesh \{[^}]*\}/.exec(read("nginx.nodes.conf")) ?? [];
  const nodes = [...upstream.matchAll(/server (\S+):7900/g)].map(([, name]) => name);
  assert.deepEqual(nodes, ["broker-1", "broker-2"]);
  for (const name of nodes) assert.match(compose, new RegExp(`^  ${name}: \\*broker$`, "m"));
});

test("the unit file is one that systemd takes", { skip: without("systemd-analyze") }, () => {
  const own = mkdtempSync(join(tmpdir(), "claudemesh-unit-"));
  try {
    const path = join(own, "claudemesh-broker.service");
    // The user of the service is the operator's to make; this machine's own stands in.
    const text = read("claudemesh-broker.service").replace(/^(User|Group)=.*$/gm, "$1=root");
    writeFileSync(path, text);
    const ran = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
    const said = `${ran.stdout}${ran.stderr}`
      .split("\n")
      .filter((line) => line.includes("claudemesh-broker.service"));
    assert.deepEqual(said, []);
  } finally {
    rmSync(own, { recursive: true });
  }
});

test("the proxies' files are whole, and pass on upgrades, host and the client's address", () => {
  for (const name of ["nginx.conf", "Caddyfile"]) {
    const text = read(name).replace(/#.*$/gm, "");
    let depth = 0;
    for (const char of text) {
      if (char === "{") depth += 1;
      if (char === "}") depth -= 1;
      assert.ok(depth >= 0, name);
    }
    assert.equal(depth, 0, name);
    assert.match(text, /127\.0\.0\.1:7900/);
    assert.match(text, /X-Forwarded-For/);
  }
  const nginx = read("nginx.conf");
  for (const line of nginx.split("\n").map((one) => one.trim())) {
    assert.match(line, /^$|^#|[;{}]$/, line);
  }
  assert.match(nginx, /Upgrade \$http_upgrade;/);
  assert.match(nginx, /Host \$host;/);
});

test("nginx takes its file", { skip: without("nginx") }, () => {
  const own = mkdtempSync(join(tmpdir(), "claudemesh-nginx-"));
  try {
    const plain = read("nginx.conf").replace(/^ *(listen|ssl_).*$/gm, "");
    const path = join(own, "nginx.conf");
    const frame = `pid ${own}/pid;\nevents {}\nhttp {\naccess_log off;\n${plain}\n}\n`;
    writeFileSync(path, frame);
    const ran = spawnSync("nginx", ["-t", "-p", own, "-c", path], { encoding: "utf8" });
    assert.equal(ran.status, 0, ran.stderr);
  } finally {
    rmSync(own, { recursive: true });
  }
});
