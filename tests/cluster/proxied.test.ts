import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDirect } from "@claudemesh/crypto";
import type { Envelope } from "@claudemesh/protocol";
import { NatsServer, withoutNats } from "../../packages/testkit/src/cluster/nats-server.ts";
import type { Client } from "../broker/support/client.ts";
import { addMember, foundMesh, type TestMember } from "../broker/support/member.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { feedOf, TwoNodes, until } from "./two-nodes.ts";

const running = cluster();
const isMissing = spawnSync("nginx", ["-v"]).error !== undefined;
const withoutNginx = isMissing && "nginx is not on this machine";

/** nginx with the file of deploy/ on a socket file, and a port that the system chose before it. */
class Nginx implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "cm-nginx-"));
  readonly #sockets = new Set<Socket>();
  readonly #front: Server;
  #child: ChildProcess | undefined;

  constructor() {
    this.#front = createServer((from) => {
      const to = connect(join(this.#folder, "s"));
      from.pipe(to).pipe(from);
      for (const socket of [from, to]) {
        this.#sockets.add(socket);
        socket
          .on("error", () => {})
          .on("close", () => {
            from.destroy();
            to.destroy();
            this.#sockets.delete(socket);
          });
      }
    });
  }

  async listen(): Promise<string> {
    this.#front.listen(0, "127.0.0.1");
    await once(this.#front, "listening");
    const { port } = this.#front.address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  async start(ports: readonly number[]): Promise<void> {
    const file = readFileSync(join(import.meta.dirname, "../../deploy/nginx.nodes.conf"), "utf8");
    const [first, second] = ports;
    const conf = file
      .replace(/^ *ssl_.*$/gm, "")
      .replace("listen 443 ssl;", `listen unix:${this.#folder}/s;`)
      .replace(/^ *listen \[.*$/m, "")
      .replace("broker-1:7900", `127.0.0.1:${first}`)
      .replace("broker-2:7900", `127.0.0.1:${second}`);
    const path = join(this.#folder, "nginx.conf");
    const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${this.#folder}/${name};`,
    );
    const head = `daemon off; pid ${this.#folder}/pid; worker_processes 1; error_log ${this.#folder}/log;`;
    const frame = `${head}\nevents {}\nhttp {\naccess_log off; ${temp.join(" ")}\n${conf}\n}\n`;
    writeFileSync(path, frame);
    const child = spawn("nginx", ["-p", this.#folder, "-c", path], { stdio: "ignore" });
    this.#child = child;
    await until(
      async () => {
        assert.equal(child.exitCode, null, "nginx ended");
        const probe = connect(join(this.#folder, "s"));
        return await new Promise<boolean>((resolve) => {
          probe.on("connect", () => resolve(true)).on("error", () => resolve(false));
        }).finally(() => probe.destroy());
      },
      (isUp) => isUp,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    for (const socket of this.#sockets) socket.destroy();
    this.#front.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const message = (client: Client, member: TestMember, text: string) =>
  client.find(
    ({ kind, body }) =>
      kind === "message" && openDirect(body as Envelope, member.secret.opener).text === text,
  );

test("behind nginx one of two nodes stops, and whoever was there goes on at the other", {
  skip: skip || withoutNats() || withoutNginx,
  timeout: 240_000,
}, async () => {
  await using nats = await NatsServer.start();
  await using nginx = new Nginx();
  const publicUrl = await nginx.listen();
  const natsUrl = `nats://127.0.0.1:${nats.port}`;
  await using nodes = await TwoNodes.start(running(), natsUrl, { publicUrl });
  const { one, two } = nodes;
  await nginx.start([one.broker.port, two.broker.port]);

  const alice = await foundMesh(publicUrl);
  const bob = await addMember(alice, "bob");
  const feeds = [await feedOf(alice), await feedOf(bob)] as const;
  await feeds[0].call("message.send", { envelope: alice.message(bob, "one") });
  await message(feeds[1], bob, "one");

  await one.broker.stop();
  // Whoever had that node is told to come back; the others notice nothing.
  const again = await Promise.all(
    [alice, bob].map(async (member, index) => {
      const feed = feeds[index] as Client;
      const isThere = await Promise.race([feed.closed, feed.call("mesh.info", {})]).catch(
        () => feed.closed,
      );
      if (!("code" in isThere)) return feed;
      assert.equal(isThere.code, 1012);
      return await feedOf(member);
    }),
  );
  const [hers, his] = again as [Client, Client];
  await hers.call("message.send", { envelope: alice.message(bob, "two") });
  await message(his, bob, "two");
  assert.equal((await (await fetch(`${publicUrl}/health/ready`)).json()).ready, true);
});
