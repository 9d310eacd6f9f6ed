import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { hostWith } from "../testing/host.ts";
import type { Globals } from "./globals.ts";
import { patiently } from "./patience.ts";
import { Session } from "./session.ts";

const globals: Globals = {
  ...{ json: false, stream: false, yes: false, quiet: false, verbose: false },
  ...{ color: false, daemon: false, help: false, version: false, schemaVersion: false },
};
const limited = (retryAfterMs?: number) =>
  new MeshError("rate_limited", "too many", retryAfterMs === undefined ? {} : { retryAfterMs });

test("a broker that asks for a pause gets it, and the person is told", async () => {
  const { host, err } = hostWith({});
  let asked = 0;
  const answer = await patiently(new Session(host, globals), async () => {
    asked += 1;
    if (asked < 3) throw limited(60);
    return "done";
  });
  assert.deepEqual([answer, asked], ["done", 3]);
  assert.equal(err(), "the broker asks for a pause of 1 s; waiting\n".repeat(2));
});

test("it is not waited for too long, without a time named, or for anything else", async () => {
  const { host } = hostWith({});
  for (const error of [limited(31_000), limited(), new MeshError("offline", "gone")]) {
    let asked = 0;
    const work = patiently(new Session(host, globals), async () => {
      asked += 1;
      throw error;
    });
    await assert.rejects(work, error);
    assert.equal(asked, 1);
  }
});

test("Ctrl-C ends the pause with what the broker said", async () => {
  const { host } = hostWith({});
  const stop = new AbortController();
  const work = patiently(new Session({ ...host, signal: stop.signal }, globals), async () => {
    setImmediate(() => stop.abort());
    throw limited(20_000);
  });
  await assert.rejects(work, { code: "rate_limited" });
});
