import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { join as enter, found } from "../../packages/testkit/src/bare-member.ts";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { World } from "../cli/world.ts";
import { readTrace, type Telling, toldTooEarly } from "./system-calls.ts";
import { cannotTrace, tracer } from "./tracer.ts";

const sends = 40;
const traced = "trace=read,write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync";

const options = { skip: cannotTrace(), timeout: 300_000 };
const under = (file: string) => [
  tracer,
  ...["-D", "-f", "-y", "-s", "16384", "-e", traced, "-e", "signal=none", "-o", file],
];

const early = (trace: string, tellings: readonly Telling[]) => {
  const calls = readTrace(trace);
  return tellings.flatMap((one) => toldTooEarly(calls, one) ?? []);
};

const withoutSyncs = (trace: string): string =>
  trace
    .split("\n")
    .filter((line) => !/fdatasync|fsync/.test(line))
    .join("\n");

test(
  "the broker's reply to a send is written after the sync of what it accepted",
  options,
  async (t) => {
    const root = mkdtempSync(join(tmpdir(), "claudemesh-sync-"));
    const file = join(root, "trace");
    try {
      const tellings: Telling[] = [];
      {
        await using broker = await BrokerProcess.start({
          folder: join(root, "data"),
          under: under(file),
        });
        const alice = await found(broker.url, "alice");
        const bob = await enter(alice, "bob");
        await using client = alice.connect("call");
        for (let i = 0; i < sends; i++) {
          const envelope = alice.seal(bob, `message ${i}`);
          await client.message.send({ envelope });
          const { id } = envelope.header;
          tellings.push({
            told: `\\"output\\":{\\"id\\":\\"${id}`,
            file: "broker.db-wal",
            stored: id,
          });
        }
        await broker.stop();
      }
      const trace = readFileSync(file, "utf8");
      assert.deepEqual(early(trace, tellings), []);
      assert.equal(early(withoutSyncs(trace), tellings).length, sends, "the control");
      t.diagnostic(`${sends} sends, each synced before its reply`);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);

test("a device says accepted or queued after the sync of its own row", options, async (t) => {
  await using world = new World({ daemon: "off" });
  const { invite } = await world.startBroker("alice");
  const joined = await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  assert.equal(joined.exit, 0, joined.stderr);
  let told = 0;
  const send = async (state: string) => {
    const file = join(world.folder, `trace-${told}`);
    const words = `unheard of ${told}`;
    const line = `claudemesh send bob '${words}' --json=id,state`;
    const ran = await world.run("alice", `${under(file).join(" ")} ${line}`);
    assert.equal(ran.exit, 0, ran.stderr);
    const answer = JSON.parse(ran.stdout);
    assert.equal(answer.state, state);
    const one = [{ told: answer.id, file: "home.db-wal", stored: words }];
    const trace = readFileSync(file, "utf8");
    assert.deepEqual(early(trace, one), [], state);
    assert.equal(early(withoutSyncs(trace), one).length, 1, "the control");
    told += 1;
  };
  await send("accepted");
  await send("accepted");
  await world.stopBroker();
  await send("queued");
  await send("queued");
  t.diagnostic(`${told} sends by the program, each durable before it was told`);
});
