import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { MeshError } from "@claudemesh/protocol";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { newFolder, startBroker } from "../broker/support/broker.ts";
import { Client } from "../broker/support/client.ts";
import { foundMesh } from "../broker/support/member.ts";
import { MovedTime } from "../broker/support/time.ts";
import { openSocket, untilClosed } from "./raw-http.ts";

type Name = "first" | "second";

const made = (name: Name, kind: "cert" | "key") =>
  join(import.meta.dirname, `certificates/${name}.${kind}.pem`);

/** Certificate files of a folder of their own, which can be replaced. */
function certificateFiles(name: Name) {
  const folder = newFolder();
  const files = { tlsCert: join(folder, "cert.pem"), tlsKey: join(folder, "key.pem") };
  const put = (other: Name) => {
    copyFileSync(made(other, "cert"), files.tlsCert);
    copyFileSync(made(other, "key"), files.tlsKey);
  };
  put(name);
  return { ...files, put };
}

async function dial(port: number, options: object = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  return socket;
}

/** The name in the certificate that a new connection is shown. */
async function shownName(port: number): Promise<string> {
  const socket = await dial(port);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

const trusting = { rejectUnauthorized: false };

test("with a certificate the broker speaks TLS of today, and says so to browsers", async () => {
  const { put: _, ...files } = certificateFiles("first");
  await using at = await startBroker(files);
  const { port } = at.broker;
  assert.match(at.url, /^https:/);
  const client = await Client.open(at.url, trusting);
  await client.close();
  const socket = await dial(port);
  assert.match(socket.getProtocol() ?? "", /^TLSv1\.[23]$/);
  const closed = untilClosed(socket);
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  const answer = await closed;
  assert.match(answer, /^HTTP\/1\.1 200/);
  assert.match(answer, /strict-transport-security: max-age=\d{7,}/i);
  await assert.rejects(dial(port, { maxVersion: "TLSv1.1", minVersion: "TLSv1" }));
  const plain = openSocket(port);
  const told = untilClosed(plain);
  plain.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.doesNotMatch(await told, /200 OK/);
});

test("who says nothing on a line that is to speak TLS is hung up on", async () => {
  const { put: _, ...files } = certificateFiles("first");
  await using at = await startBroker({ ...files, headersMs: 300 });
  await untilClosed(openSocket(at.broker.port));
});

test("a renewed certificate is shown to new connections, and open ones go on", async () => {
  const { put, ...files } = certificateFiles("first");
  const time = new MovedTime();
  await using at = await startBroker(files, { timer: time.timer });
  const { port } = at.broker;
  const client = await Client.open(at.url, trusting);
  assert.equal(await shownName(port), "first.test");
  put("second");
  time.pass(0);
  assert.equal(await shownName(port), "second.test");
  put("first");
  at.broker.reload();
  assert.equal(await shownName(port), "first.test");
  writeFileSync(files.tlsCert, "not a certificate");
  time.pass(0);
  assert.equal(await shownName(port), "first.test");
  assert.ok(at.lines.some((line) => line.includes("certificate not loaded")));
  copyFileSync(made("second", "cert"), files.tlsCert);
  time.pass(0);
  assert.equal(await shownName(port), "first.test", "a certificate without its key is not taken");
  put("second");
  time.pass(0);
  assert.equal(await shownName(port), "second.test");
  const invite = "inv_00000000-0000-8000-8000-000000000000";
  await assert.rejects(client.call("invite.preview", { invite }), /invite/);
});

test("as a process it reads its certificate again on SIGHUP", async () => {
  const { put, tlsCert, tlsKey } = certificateFiles("first");
  const flags = ["--tls-cert", tlsCert, "--tls-key", tlsKey];
  const folder = newFolder();
  await using broker = await BrokerProcess.start({ folder, flags, logLevel: "debug" });
  assert.equal(await shownName(broker.port), "first.test");
  put("second");
  process.kill(broker.pid, "SIGHUP");
  let shown = "first.test";
  while (shown === "first.test") shown = await shownName(broker.port);
  assert.equal(shown, "second.test");
});

test("files that are no certificate with its key are refused at the start, by name", async () => {
  const { put: _, tlsCert } = certificateFiles("first");
  const cases = [
    { tlsCert, tlsKey: made("second", "key") },
    { tlsCert: "/nowhere/cert.pem", tlsKey: "/nowhere/key.pem" },
  ];
  for (const files of cases) {
    await assert.rejects(startBroker(files), (error: unknown) => {
      assert.ok(error instanceof MeshError && error.code === "malformed");
      assert.ok(error.message.includes(files.tlsCert));
      return true;
    });
  }
});

test("members found a mesh over TLS as without it", async () => {
  const { put: _, ...files } = certificateFiles("first");
  await using at = await startBroker(files);
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  try {
    const alice = await foundMesh(at.url);
    const client = await alice.connect();
    await client.call("mesh.info", {});
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  }
});
