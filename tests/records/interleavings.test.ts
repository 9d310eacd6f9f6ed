import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { TaskId } from "@claudemesh/protocol";
import { SeededNumbers, seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { Ground, read } from "../device/home-fixture.ts";
import { RecordOracle } from "./record-oracle.ts";

const courses = Number(process.env.COURSES ?? 4);
const rounds = 2;
const keys = ["goal", "lock"] as const;

interface Member {
  readonly name: string;
  readonly device: LocalDevice;
}

/** What every member sees of a course: its keys and tasks. */
async function seenBy({ device }: Member, course: string) {
  const { items } = await device.api.state.list({ prefix: course });
  const { items: tasks } = await device.api.task.list({ tag: course });
  return {
    state: Object.fromEntries(items.map(({ key, value }) => [key, value])),
    tasks: Object.fromEntries(
      tasks.map(({ claimedBy, result, status, title }) => [
        title,
        [status, claimedBy?.name, result].filter((one) => one !== undefined).join(" "),
      ]),
    ),
  };
}

test("members who write the same things without the broker end with the same, whoever comes back first, and each is told what became of its own", async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed} COURSES=${courses}`);
  const numbers = new SeededNumbers(seed);
  const pick = <T>(all: readonly T[]): T => all[numbers.next(all.length)] as T;
  await using ground = await Ground.start();
  const devices = await ground.mesh("alice", "bob", "carol");
  const members = devices.map((device, at) => ({
    name: ["alice", "bob", "carol"][at] as string,
    device,
  }));
  for (let n = 0; n < courses; n += 1) {
    const course = `course-${n}`;
    const oracle = new RecordOracle(members.map(({ name }) => name));
    const [owner] = members as [Member];
    const task = TaskId.parse(
      (await owner.device.api.task.create({ title: "t", tags: [course] })).id,
    );
    const story: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const member of members) await seenBy(member, course);
      oracle.everyoneReads();
      await ground.stopBroker();
      for (const { name, device } of members) {
        for (let write = numbers.next(4); write > 0; write -= 1) {
          const key = `${course}:${pick(keys)}`;
          const value = `${name} ${round}.${write}`;
          const what = pick(["set", "set", "compare", "delete", "claim", "claim", "complete"]);
          story.push(`${name} ${what} ${key} ${value}`);
          const { api } = device;
          if (what === "set") await api.state.set({ key, value });
          else if (what === "delete") await api.state.delete({ key });
          else if (what === "claim") await api.task.claim({ id: task });
          else if (what === "complete") await api.task.complete({ id: task, result: value });
          else {
            // The version that this member saw last, whatever waits here on top of it.
            const ifVersion = oracle.versionSeen(name, key);
            await api.state.set({ key, value, ifVersion });
          }
          oracle.write(name, { what, key, value });
        }
      }
      await ground.startBroker();
      const order = [...members].sort(() => numbers.next(3) - 1);
      for (const member of order) {
        story.push(`${member.name} is back`);
        await member.device.api.state.list({ prefix: course });
        const versions = await member.device.api.state.list({ prefix: course });
        oracle.comesBack(
          member.name,
          new Map(versions.items.map(({ key, version = 0 }) => [key, version])),
        );
      }
      const expected = oracle.standing();
      for (const member of members) {
        assert.deepEqual(await seenBy(member, course), expected, story.join("\n"));
        const { notices } = await read(member.device);
        const told = notices.map(({ text }) =>
          /did not happen/.test(text) ? "refused" : "replaced",
        );
        assert.deepEqual(
          told.sort(),
          oracle.takeTold(member.name).sort(),
          `${member.name}\n${story.join("\n")}\n${notices.map(({ text }) => text).join("\n")}`,
        );
      }
    }
  }
});
