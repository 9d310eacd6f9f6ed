import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { onBothStores } from "./on-both-stores.ts";

const run = promisify(execFile);
const guide = readFileSync("docs/guide/shared-data.md", "utf8");
const [script = ""] = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, text]) => text as string,
);
/** The guide's commands, by what stands above each. */
const commands = new Map(
  script.split(/^# /m).flatMap((part) => {
    const [title = "", ...lines] = part.split("\n");
    return lines.length === 0 ? [] : [[title, lines.join("\n")] as const];
  }),
);

onBothStores(
  "what the guide to shared data shows with curl does what it says",
  {},
  async (world) => {
    const key = await world.key({ capabilities: ["state"] });
    const { PATH = "" } = process.env;
    const env: Record<string, string> = { PATH, KEY: key.secret, BROKER: world.at.url };
    const shell = async (title: string, part: string) => {
      const command = [...commands].find(([name]) => name.startsWith(title))?.[1] ?? "exit 1";
      const { stdout } = await run("sh", ["-c", command], { env });
      const said = JSON.parse(stdout);
      assert.equal(said.error, undefined, `${part}: ${stdout}`);
      return said;
    };
    const set = await shell("set a key", "state.set");
    assert.deepEqual([set.key, set.replaced], ["build", 0]);
    const [item] = (await shell("all keys", "state.list")).items;
    assert.deepEqual(
      [item.key, item.value, item.version],
      ["build", { build: 7, ok: true }, set.version],
    );
    assert.equal(item.author.apiKey, key.id);
    assert.deepEqual((await shell("one key", "state.get")).value, item.value);
    const memory = await shell("remember", "memory.add");
    const found = await shell("search", "memory.search");
    assert.deepEqual(
      found.items.map((one: { key: string; tags: string[] }) => [one.key, one.tags]),
      [[memory.key, ["ci"]]],
    );
    const tagged = await shell("what was remembered with a tag", "memory.list");
    assert.deepEqual(
      tagged.items.map((one: { key: string }) => one.key),
      [memory.key],
    );
    env.MEMORY = memory.key;
    assert.equal((await shell("forget", "memory.delete")).key, memory.key);
    env.TASK = (await shell("make a task", "task.create")).key;
    await shell("claim it", "task.claim");
    await shell("complete it", "task.complete");
    const [task] = (await shell("all tasks", "task.list")).items;
    assert.deepEqual(
      [task.status, task.title, task.result, task.claimedBy],
      ["completed", "look at build 7", "it was the disk", item.author.member],
    );
    env.OTHER = (await shell("make a task", "task.create")).key;
    await shell("cancel one", "task.cancel");
    const done = await shell("those that are done", "task.list");
    assert.deepEqual(
      done.items.map((one: { key: string }) => one.key),
      [env.TASK],
    );
    await shell("share a context", "context.share");
    assert.equal((await shell("all contexts", "context.list")).items.length, 1);
    const [context] = (await shell("find who knows a file", "context.get")).items;
    assert.deepEqual([context.summary, context.files], ["builds main", ["ci.yml"]]);
    await shell("delete", "state.delete");
    assert.deepEqual((await shell("all keys", "state.list")).items, []);
  },
);
