import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { audienceOf } from "@claudemesh/protocol";
import {
  member,
  message,
  messageId,
  range,
  readLog,
  seqsOf,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { cluster, openNode, skip } from "./postgres-cluster.ts";

const program = fileURLToPath(new URL("./postgres-appending-process.ts", import.meta.url));
const running = cluster();
const bound = { skip, timeout: 240_000 };

/** The appending process, and everything that it acknowledged: n → seq. */
class Appending {
  readonly acknowledged = new Map<number, number>();
  readonly #more = new EventEmitter();
  readonly #child;
  readonly #closed: Promise<unknown>;

  constructor(url: string, first: number) {
    this.#child = spawn(process.execPath, [program, url, String(first)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#closed = once(this.#child, "close");
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      // The last line may be cut off by the kill.
      const match = /^(\d+) (\d+)$/.exec(line);
      if (match === null) return;
      this.acknowledged.set(Number(match[1]), Number(match[2]));
      this.#more.emit("more");
    });
  }

  /** Waits until `count` more were acknowledged. */
  async reaches(count: number): Promise<void> {
    const wanted = this.acknowledged.size + count;
    const ended = this.#closed.then(() => assert.fail("the appending process ended"));
    ended.catch(() => {});
    while (this.acknowledged.size < wanted) await Promise.race([once(this.#more, "more"), ended]);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    assert.deepEqual(await this.#closed, [null, "SIGKILL"]);
  }
}

/** Everything that was acknowledged is where it was said to be, and the log has neither gap nor duplicate. */
async function check(url: string, acknowledged: ReadonlyMap<number, number>): Promise<void> {
  const store = await openNode(url);
  try {
    const entries = await readLog(store, [audienceOf(member(2))], { limit: 1_000_000 });
    const head = entries.at(-1)?.seq ?? 0;
    assert.deepEqual(seqsOf(entries), range(3, head));
    assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length);
    const places = new Map(entries.map(({ id, seq }) => [id, seq]));
    for (const [n, seq] of acknowledged) assert.equal(places.get(messageId(n)), seq);
    const [n] = acknowledged.keys();
    const repeated = await store.write.appendMessage(message(n as number));
    assert.equal(repeated.result === "accepted" && repeated.repeated, true);
  } finally {
    await store.close();
  }
}

test(
  "a broker's process that is killed loses nothing it acknowledged and leaves no gap and no duplicate",
  bound,
  async (t) => {
    const { server, databases } = running();
    const url = server.url(await databases.create());
    const acknowledged = new Map<number, number>();
    for (const [cycle, count] of [1, 300, 40].entries()) {
      const appending = new Appending(url, cycle * 1_000_000 + 1);
      await appending.reaches(count);
      await appending.kill();
      for (const [n, seq] of appending.acknowledged) acknowledged.set(n, seq);
      await check(url, acknowledged);
    }
    t.diagnostic(`${acknowledged.size} acknowledged appends over 3 kills, none lost`);
  },
);

test(
  "a server that crashes amid appends and comes back has all that was acknowledged, once",
  bound,
  async (t) => {
    const { server, databases } = running();
    const url = server.url(await databases.create());
    const appending = new Appending(url, 1);
    try {
      await appending.reaches(200);
      for (const count of [50, 500]) {
        await server.kill();
        await server.startAgain();
        await appending.reaches(count);
      }
    } finally {
      await appending.kill();
    }
    await check(url, appending.acknowledged);
    t.diagnostic(`${appending.acknowledged.size} acknowledged appends over 2 crashes, none lost`);
  },
);
