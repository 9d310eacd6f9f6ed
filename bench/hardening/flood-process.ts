// Floods the broker given with connections or bad frames as one address that it knows by a header, says when it begins, and ends when it has sent them all.
import { connect } from "node:net";

const [url = "", kind = "connections", count = "10000"] = process.argv.slice(2);
const atOnce = 64;
const framesEach = 100;
const { port, host } = new URL(url);

const upgrade = [
  "GET /v1/ws HTTP/1.1",
  `Host: ${host}`,
  "X-Forwarded-For: 203.0.113.9",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  "\r\n",
].join("\r\n");

/** A text frame of a client, masked with zeros (RFC 6455, section 5.2). */
function badFrame(): Buffer {
  const text = Buffer.from(JSON.stringify({ type: "fly", id: "x", input: { a: [1, { b: 2 }] } }));
  return Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), text]);
}

const frames = Buffer.concat(Array.from({ length: framesEach }, badFrame));

/** One connection: closed at the first answer, or once the broker has had enough of its frames. */
function attack(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => socket.destroy());
    socket.once("close", () => resolve());
    socket.once("connect", () => socket.write(upgrade));
    socket.once("data", () => {
      if (kind === "connections") socket.destroy();
      else socket.end(frames);
    });
    socket.resume();
  });
}

let left = kind === "connections" ? Number(count) : Number(count) / framesEach;
process.on("SIGTERM", () => process.exit(0));
console.log(JSON.stringify({ flooding: true }));
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (left-- > 0) await attack();
  }),
);
console.log(JSON.stringify({ done: true }));
