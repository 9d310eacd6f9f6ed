import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptedHosts } from "./hosts.ts";

test("on the port that http has anyway, the names count with and without it", () => {
  const hosts = acceptedHosts("127.0.0.1", 80, "");
  for (const name of ["localhost", "localhost:80", "127.0.0.1", "127.0.0.1:80", "[::1]"]) {
    assert.ok(hosts.includes(name), name);
  }
  assert.ok(!acceptedHosts("127.0.0.1", 7900, "").includes("localhost"));
});
