import assert from "node:assert/strict";
import type { PassThrough } from "node:stream";
import { test } from "node:test";
import { MeshError, nouns } from "@claudemesh/protocol";
import { hostWith } from "../testing/host.ts";
import { confirm } from "./confirm.ts";
import { readInput } from "./read-input.ts";
import { readStdin } from "./read-stdin.ts";
import { verbOf } from "./verbs.ts";

const leave = verbOf(nouns.mesh.leave.name);
const code = (expected: string) => (error: unknown) =>
  error instanceof MeshError && error.code === expected;

async function answer(typed: string, ...flags: readonly string[]): Promise<void> {
  const { host } = hostWith({ env: {}, isTTY: true });
  const { globals, input } = readInput(leave, ["home", ...flags], "claudemesh");
  (host.stdin as PassThrough).end(typed);
  await confirm(leave, input, globals, host);
}

test("a loss needs the typed word on a terminal, and --yes where nobody can be asked", async () => {
  await answer("home\n");
  await answer("", "--yes");
  await assert.rejects(answer("yes\n"), code("cancelled"));
  await assert.rejects(answer("\u0003"), code("cancelled"));
  await assert.rejects(answer("home\n", "--json"), code("malformed"));
});

test("to make or revoke a key takes a yes at a terminal, and none where nobody can be asked", async () => {
  for (const [name, arg] of [
    [nouns.apikey.create.name, "ci"],
    [nouns.apikey.revoke.name, "3f2a91bc"],
  ] as const) {
    const verb = verbOf(name);
    const asked = async (typed: string, flags: readonly string[] = [], isTTY = true) => {
      const { host, err } = hostWith({ env: {}, isTTY });
      const { globals, input } = readInput(verb, [arg, ...flags], "claudemesh");
      (host.stdin as PassThrough).end(typed);
      await confirm(verb, input, globals, host);
      return err();
    };
    assert.match(await asked("y\n"), /\? \[y\/N\] /);
    await asked("YES\n");
    for (const no of ["\n", "n\n", "yess\n", "", "\u0003"]) {
      await assert.rejects(asked(no), code("cancelled"));
    }
    for (const flags of [["--yes"], ["--json"]]) assert.equal(await asked("n\n", flags), "");
    assert.equal(await asked("n\n", [], false), "");
  }
});

test("standard input is whole, bounded UTF-8 text", async () => {
  const read = (bytes: Uint8Array | string) => {
    const { host } = hostWith({});
    (host.stdin as PassThrough).end(bytes);
    return readStdin(host.stdin, "text", host.signal);
  };
  assert.equal(await read("one\n\ntwo\n\n"), "one\n\ntwo");
  await assert.rejects(read("\n"), code("malformed"));
  await assert.rejects(read(Uint8Array.of(0xff, 0xfe)), code("malformed"));
  await assert.rejects(read("x".repeat(300_000)), code("too_large"));
});
