import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { startBroker } from "../broker/support/broker.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { openSocket, parseAnswer, untilClosed } from "./raw-http.ts";

const quick = { headersMs: 300, helloMs: 300, giveUpMs: 300, pingMs: 200, deadPeerMs: 600 };

/** Sends bytes one at a time, for as long as the broker takes them. */
function drip(socket: Socket, bytes: string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length && socket.writable) socket.write(bytes.charAt(at++), "latin1");
  }, 20);
  socket.once("close", () => clearInterval(timer));
}

/** Settles once the broker has served somebody honest, for whom its bounds may be too short on a machine that is busy. */
async function stillServes(url: string): Promise<void> {
  await exchange(url).catch(() => stillServes(url));
}

async function exchange(url: string): Promise<void> {
  const alice = await foundMesh(url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  await client.call("message.send", { envelope: alice.message(bob, "x") });
  await client.close();
}

test("who sends a head byte by byte, or nothing at all, is hung up on", async () => {
  await using at = await startBroker(quick);
  const { port } = at.broker;
  const slow = Array.from({ length: 20 }, () => {
    const socket = openSocket(port);
    drip(socket, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: ${"a".repeat(10_000)}`);
    return untilClosed(socket);
  });
  const silent = Array.from({ length: 20 }, () => untilClosed(openSocket(port)));
  await stillServes(at.url);
  for (const answer of await Promise.all(slow)) {
    // What is still on its way to the broker when it hangs up may cost the client the answer.
    if (answer === "") continue;
    const { status, body } = parseAnswer(answer);
    assert.equal(status, 408);
    assert.equal(JSON.parse(body).error.code, "timeout");
  }
  for (const answer of await Promise.all(silent)) {
    assert.ok(answer === "" || parseAnswer(answer).status === 408, answer);
  }
});

test("who sends a body byte by byte is hung up on", async () => {
  await using at = await startBroker(quick);
  const { port } = at.broker;
  const ended = Array.from({ length: 20 }, () => {
    const socket = openSocket(port);
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`,
    );
    drip(socket, `{"a":"${"b".repeat(90_000)}`);
    return untilClosed(socket);
  });
  await stillServes(at.url);
  for (const answer of await Promise.all(ended)) assert.ok(parseAnswer(answer).status < 500);
});

const handshake = (port: number) =>
  `GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;

/** A socket past the handshake, with what else it sends. */
function upgraded(port: number, bytes: Buffer): Promise<string> {
  const socket = openSocket(port);
  const closed = untilClosed(socket);
  socket.write(handshake(port));
  socket.once("data", () => socket.write(bytes));
  return closed;
}

/** A frame of a client, masked with zeros (RFC 6455, section 5.2). */
function frame(first: number, length: number, payload = Buffer.alloc(length)): Buffer {
  const head = Buffer.alloc(length < 126 ? 6 : 14);
  head.writeUInt8(first, 0);
  head.writeUInt8(0x80 | (length < 126 ? length : 127), 1);
  if (length >= 126) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

test("who upgrades and says nothing, half a frame or half a hello is hung up on", async () => {
  await using at = await startBroker(quick);
  const { port } = at.broker;
  const halves = [
    Buffer.alloc(0),
    Buffer.of(0x81),
    frame(0x81, 1_000).subarray(0, 20),
    frame(0x01, 10, Buffer.from('{"type":"h')),
  ];
  const ended = halves.flatMap((bytes) => Array.from({ length: 10 }, () => upgraded(port, bytes)));
  await stillServes(at.url);
  await Promise.all(ended);
});

test("frames larger than may be, in ever more pieces, or of no kind are refused", async () => {
  await using at = await startBroker({ giveUpMs: 300, frameBytes: 100_000 });
  const { port } = at.broker;
  const fragments = Buffer.concat([
    frame(0x01, 1),
    ...Array.from({ length: 17_000 }, () => frame(0x00, 1)),
  ]);
  const hostile = [
    frame(0x81, 2 ** 40, Buffer.alloc(10)),
    frame(0x81, 100_001),
    fragments,
    frame(0x80, 1),
    frame(0x83, 1),
    frame(0xf1, 1),
    frame(0x89, 200),
    frame(0x81, 4, Buffer.of(0xff, 0xfe, 0xfd, 0xfc)),
    frame(0x82, 4),
    Buffer.of(0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f),
  ];
  const ended = hostile.map((bytes) => upgraded(port, bytes));
  await stillServes(at.url);
  await Promise.all(ended);
});

test("a client that vanishes without a word is noticed and its place given back", async () => {
  await using at = await startBroker({ ...quick, anonymousPerAddress: 5, helloMs: 600_000 });
  const { port } = at.broker;
  for (let round = 0; round < 4; round++) {
    const gone = Array.from({ length: 5 }, () => {
      const socket = openSocket(port);
      const closed = new Promise((resolve) => socket.once("close", resolve));
      // It answers no ping.
      socket.resume().write(handshake(port));
      return closed;
    });
    await Promise.all(gone);
  }
  await stillServes(at.url);
});
