import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { SeededNumbers, seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";

const cycles = Number(process.env.CYCLES ?? 40);
const seed = seedOfRun();
const texts = ["one", "two", "three", "four"];
const folder = mkdtempSync(join(tmpdir(), "claudemesh-damaged-"));
const [whole, damaged] = [join(folder, "bob"), join(folder, "damaged")];
after(() => rmSync(folder, { recursive: true, force: true }));

const open = (home: string, defaultName: string, defaultBroker = "http://127.0.0.1:1") =>
  openDevice({ home, now: Date.now, random: systemRandom, defaultName, defaultBroker });

/** Bob's home has messages that he was not shown yet, and the write-ahead log of one who was killed. */
before(async () => {
  await using broker = await BrokerProcess.start({ folder: join(folder, "data") });
  await using alice = await open(join(folder, "alice"), "alice", broker.url);
  await using bob = await open(whole, "bob", broker.url);
  await alice.api.mesh.create({ name: "Team" });
  const { link } = await alice.api.invite.create({});
  await bob.api.invite.claim({ invite: String(link) });
  await alice.api.member.list({});
  for (const text of texts) await alice.api.message.send({ to: "bob", text });
  await bob.drain();
  cpSync(whole, damaged, { recursive: true });
  cpSync(whole, join(folder, "kept"), { recursive: true });
});

/** What using the home comes to: the code of a refusal, or the texts that are shown. */
async function use(home: string): Promise<string | string[]> {
  try {
    await using device = await open(home, "bob");
    const sent = await device.api.message.send({ to: "alice", text: "still me" });
    assert.equal(sent.state, "queued");
    const { items } = await device.api.message.inbox({ limit: 100 });
    return items.map(({ text }) => text);
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
}

/** The home with one of its files made into something else. */
function withFile(name: string, change: (bytes: Buffer) => Buffer): void {
  rmSync(damaged, { recursive: true });
  cpSync(join(folder, "kept"), damaged, { recursive: true });
  const path = join(damaged, name);
  writeFileSync(path, change(readFileSync(path)));
}

const flip = (numbers: SeededNumbers) => (bytes: Buffer) => {
  const at = numbers.next(bytes.length);
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] as number) ^ (1 << numbers.next(8));
  return changed;
};

test("an identity that was cut off or has a flipped bit is refused", async (t) => {
  t.diagnostic(`SEED=${seed} CYCLES=${cycles}`);
  const numbers = new SeededNumbers(seed);
  const { length } = readFileSync(join(folder, "kept", "identity.json"));
  for (let i = 0; i < cycles; i++) {
    const cut = numbers.next(length - 1);
    withFile("identity.json", (bytes) => bytes.subarray(0, cut));
    assert.equal(await use(damaged), "home_damaged", `SEED=${seed} cut to ${cut}`);
    withFile("identity.json", flip(numbers));
    const used = await use(damaged);
    const isRefused = used === "home_damaged" || used === "upgrade_required";
    // A flip behind the value may leave white space, which changes nothing.
    assert.ok(isRefused || JSON.stringify(used) === JSON.stringify(texts), `SEED=${seed}: ${used}`);
  }
});

test("a home's database with a flipped bit is refused, or shows what was sent", async (t) => {
  t.diagnostic(`SEED=${seed} CYCLES=${cycles}`);
  const numbers = new SeededNumbers(seed + 1);
  for (const name of ["home.db", "home.db-wal"]) {
    const found = new Map<string, number>();
    for (let i = 0; i < cycles; i++) {
      withFile(
        name,
        i % 4 === 0 ? (all) => all.subarray(0, numbers.next(all.length)) : flip(numbers),
      );
      const used = await use(damaged);
      const told = typeof used === "string" ? used : `shows ${used.length}`;
      found.set(told, (found.get(told) ?? 0) + 1);
      if (typeof used === "string") continue;
      // What a log lost, it lost from its end; a database whose check passes has everything.
      const least = name === "home.db" ? texts.length : 0;
      assert.ok(used.length >= least, `SEED=${seed} ${name} ${i}: messages are missing`);
      if (name !== "home.db") assert.deepEqual(used, texts.slice(0, used.length));
      using db = new DatabaseSync(join(damaged, "home.db"), { readOnly: true });
      assert.equal(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
    }
    t.diagnostic(`${name}: ${[...found].map((one) => one.join(" ")).join(", ")}`);
  }
});
