import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@claudemesh/crypto";
import { type LocalDevice, openDevice } from "@claudemesh/device";
import { type MeshId, TaskId } from "@claudemesh/protocol";
import { refusal } from "../broker/support/client.ts";
import { type TwoNodes, until } from "./two-nodes.ts";

const tasks = 20;
const items = 50;

/** Two people with homes, each at a node of its own. */
class Pair implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "claudemesh-pair-"));
  readonly #devices: LocalDevice[] = [];

  async meet({ one, two }: TwoNodes): Promise<readonly [LocalDevice, LocalDevice]> {
    const [alice, bob] = [await this.#open("alice", one.url), await this.#open("bob", one.url)];
    const { id } = await alice.api.mesh.create({ name: "Team" });
    const { link } = await alice.api.invite.create({});
    await bob.api.invite.claim({ invite: link });
    await bob.rebase(id as MeshId, two.url);
    for (const device of [alice, bob]) {
      device.keepOnline();
      await device.drain();
    }
    return [alice, bob];
  }

  async #open(name: string, url: string): Promise<LocalDevice> {
    const device = await openDevice({
      home: join(this.folder, name),
      now: Date.now,
      random: systemRandom,
      defaultName: name,
      defaultBroker: url,
    });
    this.#devices.push(device);
    return device;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const device of this.#devices) await device.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Streams, tasks, state and peers' files between devices at two nodes. */
export async function sharedData(nodes: TwoNodes): Promise<void> {
  await using pair = new Pair();
  const [alice, bob] = await pair.meet(nodes);
  await streamed(alice, bob);
  await claimed(alice, bob);
  await peerFile(pair.folder, alice, bob);
}

/** What is published at one node comes to who listens at the other, each item once and in order. */
async function streamed(alice: LocalDevice, bob: LocalDevice): Promise<void> {
  await alice.api.stream.create({ name: "builds" });
  let { seq } = await bob.api.stream.follow({ name: "builds" });
  const sent = Array.from({ length: items }, (_, n) => n);
  for (const n of sent) await alice.api.stream.publish({ name: "builds", data: String(n) });
  const got: unknown[] = [];
  while (got.length < items) {
    const answer = await bob.api.stream.follow({ name: "builds", after: seq, wait: "60s" });
    seq = answer.seq;
    got.push(...answer.items.map(({ data }) => data));
  }
  assert.deepEqual(got, sent);
}

/** Of two who claim a task at two nodes at the same time one has it, and both see who. */
async function claimed(alice: LocalDevice, bob: LocalDevice): Promise<void> {
  const made = await Promise.all(
    Array.from({ length: tasks }, (_, n) => alice.api.task.create({ title: `task ${n}` })),
  );
  await bob.drain();
  const winners = new Map<string, string>();
  for (const { id } of made) {
    const task = { id: TaskId.parse(id) };
    const outcomes = await Promise.allSettled(
      [alice, bob].map((device) => device.api.task.claim(task)),
    );
    const won = outcomes.map(({ status }) => status === "fulfilled");
    assert.deepEqual(won.toSorted(), [false, true], JSON.stringify(outcomes));
    for (const one of outcomes) {
      if (one.status === "rejected") assert.equal(one.reason.code, "conflict");
    }
    winners.set(id, won[0] ? "alice" : "bob");
  }
  for (const device of [alice, bob]) {
    const { items: seen } = await device.api.task.list({});
    assert.deepEqual(
      new Map(seen.map(({ id, claimedBy }) => [id, claimedBy?.name ?? ""])),
      winners,
    );
  }
}

/** A file that lies at a device of one node is read by a device of the other. */
async function peerFile(folder: string, alice: LocalDevice, bob: LocalDevice): Promise<void> {
  const shared = join(folder, "shared");
  mkdirSync(shared);
  writeFileSync(join(shared, "plan.md"), "the plan\n");
  await alice.api.grant.set({ peer: "bob", capabilities: "file-read" });
  await alice.api.peerfile.share({ path: shared });
  // A grant follows the log: for a moment the other node may not know of it.
  const content = await until(
    async () => {
      try {
        return (await bob.api.peerfile.read({ peer: "alice", path: "plan.md" })).content;
      } catch (error) {
        return refusal("forbidden")(error) ? undefined : assert.fail();
      }
    },
    (found) => found !== undefined,
  );
  assert.equal(content, "the plan\n");
}
