import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEndpoint } from "./endpoint.ts";

for (const [url, socketUrl, host, shown] of [
  ["http://Mesh.Example", "ws://mesh.example/v1/ws", "mesh.example:80", "http://mesh.example"],
  ["https://mesh.example/", "wss://mesh.example/v1/ws", "mesh.example:443", "https://mesh.example"],
  [
    "https://mesh.example:443",
    "wss://mesh.example/v1/ws",
    "mesh.example:443",
    "https://mesh.example",
  ],
  ["http://[::1]:4000/", "ws://[::1]:4000/v1/ws", "[::1]:4000", "http://[::1]:4000"],
  ["http://h:1/a/b//", "ws://h:1/a/b/v1/ws", "h:1", "http://h:1/a/b"],
] as const) {
  test(`${url} is dialled as ${socketUrl}`, () => {
    const endpoint = parseEndpoint(url);
    assert.deepEqual([endpoint.socketUrl, endpoint.host, endpoint.shown], [socketUrl, host, shown]);
  });
}

for (const url of [
  "mesh.example:80",
  "ftp://h",
  "http://",
  "http://u@h",
  "http://h/?a=1",
  "http://h#f",
]) {
  test(`${url} is refused`, () => {
    assert.throws(() => parseEndpoint(url), { code: "malformed", message: /^url: / });
  });
}
