import { MeshError } from "@claudemesh/protocol";
import { creation, message } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { sayLine } from "../../packages/testkit/src/say-line.ts";
import { openNode } from "./postgres-cluster.ts";

/** Appends without end, 64 at once, from message `first` on, and repeats what was not answered under the same id; prints `<n> <seq>` for each one after it was acknowledged. */
const [url = "", first = "1"] = process.argv.slice(2);
const store = await openNode(url);
await store.write.createMesh(creation());

const isAway = (error: unknown): boolean =>
  error instanceof MeshError && error.code === "unavailable";

async function acknowledged(n: number): Promise<number> {
  for (;;) {
    try {
      const outcome = await store.write.appendMessage(message(n));
      if (outcome.result !== "accepted") throw new Error(`message ${n}: ${outcome.result}`);
      return outcome.seq;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
}

let next = Number(first);
async function append(): Promise<never> {
  for (;;) {
    const n = next++;
    sayLine(`${n} ${await acknowledged(n)}`);
  }
}
await Promise.all(Array.from({ length: 64 }, append));
