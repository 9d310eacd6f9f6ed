import assert from "node:assert/strict";
import { test } from "node:test";
import { limits, type TopicId } from "@claudemesh/protocol";
import type { StreamRow } from "../stream-port.ts";
import { member, mesh, otherMesh, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const topic = "top_00000000-0000-4000-8000-000000000001" as TopicId;
const stream = (name: string, of: StreamRow["topic"] = ""): StreamRow => ({
  name,
  topic: of,
  by: member(1),
  createdAt: start,
});

/** Which streams there are. */
export function acceptStreams(withStore: WithStore): void {
  test("a stream is there once per topic, until it is deleted, and a mesh has a bound", async () => {
    await withStore(async ({ read, write }) => {
      const put = (one: StreamRow) => write.putStream({ mesh, ...one });
      assert.equal(await put(stream("b")), "kept");
      assert.equal(await put(stream("b", topic)), "kept");
      assert.equal(await put(stream("b")), "exists");
      assert.equal(await put(stream("a")), "kept");
      assert.deepEqual(await read.streams(mesh), [stream("a"), stream("b"), stream("b", topic)]);
      assert.deepEqual(await read.stream(mesh, { name: "b", topic }), stream("b", topic));
      assert.equal(await read.stream(mesh, { name: "c", topic: "" }), undefined);
      assert.deepEqual(await read.streams(otherMesh), []);
      for (let n = 3; n < limits.streams; n++) await put(stream(`s${n}`));
      assert.equal(await put(stream("more")), "full");
      const gone = { mesh, name: "b", topic, at: start } as const;
      assert.equal(await write.deleteStream(gone), true);
      assert.equal(await write.deleteStream(gone), false);
      assert.equal(await put(stream("more")), "kept");
    });
  });
}
