import assert from "node:assert/strict";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemRandom, toBase64 } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { formsOf } from "../../packages/testkit/src/secret-search.ts";
import { refusal } from "../device/home-fixture.ts";

const word = () => toBase64(systemRandom(18)).replaceAll(/[-_]/g, "x");

const pageBytes = 4096;

/** What is in memory, or swapped out, of a process's own pages; of what it has merely set aside there is nothing to read. */
function* memoryOf(pid: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const pages = openSync(`/proc/${pid}/pagemap`, "r");
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, "utf8").split("\n")) {
      const [, begin, end, way] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (begin === undefined || end === undefined || !way?.startsWith("rw")) continue;
      const first = Number.parseInt(begin, 16) / pageBytes;
      const words = Buffer.alloc((Number.parseInt(end, 16) / pageBytes - first) * 8);
      readSync(pages, words, 0, words.length, first * 8);
      for (const [from, count] of runsOf(words)) {
        const part = Buffer.alloc(count * pageBytes);
        yield part.subarray(0, readPart(memory, part, (first + from) * pageBytes));
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pages);
  }
}

/** The highest two bits of a page's word: it is in memory, or swapped out. */
const isThere = (words: Buffer, page: number) => (words[page * 8 + 7] ?? 0) >= 0x40;

function* runsOf(words: Buffer): Generator<[from: number, count: number]> {
  const count = words.length / 8;
  for (let from = 0; from < count; from += 1) {
    const begun = from;
    while (from < count && isThere(words, from)) from += 1;
    if (from > begun) yield [begun, from - begun];
  }
}

function readPart(memory: number, part: Buffer, at: number): number {
  try {
    return readSync(memory, part, 0, part.length, at);
  } catch (error) {
    // It may have gone meanwhile, or be the kernel's own.
    if (["EIO", "EFAULT"].includes((error as NodeJS.ErrnoException).code ?? "")) return 0;
    throw error;
  }
}

/** Whether it lies there in any form. */
const holds = (hay: Buffer, needles: readonly Buffer[]) =>
  needles.some((needle) => hay.includes(needle));
const needlesOf = (secret: string) => [...formsOf(Buffer.from(secret)).values()];

test("a secret's value is neither in the broker's memory, nor in its folder, nor in its log", {
  skip: process.platform !== "linux",
  timeout: 180_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-vault-"));
  try {
    await using broker = await BrokerProcess.start({
      folder: join(folder, "broker"),
      logLevel: "debug",
    });
    await using alice = await openDevice({
      home: join(folder, "alice"),
      now: Date.now,
      random: systemRandom,
      defaultName: "alice",
      defaultBroker: broker.url,
    });
    await alice.api.mesh.create({ name: "Team" });
    const values = [word(), word()];
    // Names are metadata, which the broker has: they show that the search would find the value.
    const key = `K${word().replaceAll("x", "y")}`;
    for (const value of values) await alice.api.vault.set({ key, value });
    await alice.api.vault.list({});
    assert.equal((await alice.api.vault.get({ key })).value, values[1]);
    await refusal("malformed", () =>
      alice.api.vault.set({ key: "not a name", value: values[0] ?? "" }),
    );
    const secret = values.flatMap(needlesOf);
    const known = needlesOf(key);
    let seen = 0;
    for (const part of memoryOf(broker.pid)) {
      assert.ok(!holds(part, secret), "a value is in the broker's memory");
      if (holds(part, known)) seen += 1;
    }
    assert.ok(seen > 0, "the search does not even find the name");
    assert.equal(await broker.stop(), 0);
    const files = readdirSync(join(folder, "broker"), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name)));
    const stored = Buffer.concat(files);
    assert.ok(holds(stored, known));
    assert.ok(!holds(stored, secret));
    const log = Buffer.from(broker.lines.join("\n"));
    assert.ok(log.includes("vault.set"));
    assert.ok(!holds(log, secret));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
