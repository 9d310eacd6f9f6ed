import assert from "node:assert/strict";
import { test } from "node:test";
import { type SocketPlace, socketPathOf } from "./socket-path.ts";

const place = (over: Partial<SocketPlace>): SocketPlace => ({
  home: "/home/alice/.claudemesh",
  platform: "linux",
  uid: 1000,
  tempDir: "/tmp",
  env: {},
  ...over,
});
const long = `/home/${"deep/".repeat(30)}home`;

test("the socket lies in the home where its path fits into an address", () => {
  assert.equal(socketPathOf(place({})), "/home/alice/.claudemesh/daemon.sock");
});

test("a longer home gets a short name of its own, in a folder of the user's", () => {
  const path = socketPathOf(place({ home: long }));
  assert.match(path, /^\/tmp\/claudemesh-1000\/[0-9a-f]{16}\.sock$/);
  assert.notEqual(path, socketPathOf(place({ home: `${long}2` })));
  const env = { XDG_RUNTIME_DIR: "/run/user/1000" };
  assert.match(socketPathOf(place({ home: long, env })), /^\/run\/user\/1000\/claudemesh\//);
});

test("no place gives a path that is too long for a socket", () => {
  for (const tempDir of ["/tmp", `/var/folders/${"x".repeat(90)}`]) {
    for (const XDG_RUNTIME_DIR of [undefined, `/run/${"y".repeat(100)}`, "relative"]) {
      const path = socketPathOf(place({ home: long, tempDir, env: { XDG_RUNTIME_DIR } }));
      assert.ok(Buffer.byteLength(path) <= 103, path);
      assert.ok(path.startsWith("/"));
    }
  }
});

test("Windows has named pipes, where letters of either case name the same home", () => {
  const pipe = (home: string) => socketPathOf(place({ home, platform: "win32" }));
  assert.match(pipe("C:\\Users\\a\\claudemesh"), /^\\\\\.\\pipe\\claudemesh-[0-9a-f]{16}$/);
  assert.equal(pipe("C:\\Users\\A"), pipe("c:\\users\\a"));
});
