import assert from "node:assert/strict";
import { test } from "node:test";
import {
  audienceOf,
  audienceOfTopic,
  limits,
  type Topic,
  type TopicId,
} from "@claudemesh/protocol";
import type { TopicMove, TopicPut } from "../topics-port.ts";
import { day, hashOf, member, mesh, message, otherMesh, readLog, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

export const topicId = (n: number) =>
  `top_00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}` as TopicId;

const statement = (n: number, over: Partial<Topic> = {}): Topic =>
  ({
    ...{ v: 1, mesh, topic: topicId(n), version: 1, name: `topic-${n}`, visibility: "public" },
    ...{ author: "A".repeat(43), at: start, sig: "S".repeat(86) },
    ...over,
  }) as Topic;

/** Version `version` of topic `n`, led by member 1; its hash is that of both numbers. */
export const putTopic = (n: number, over: Partial<Topic> = {}): TopicPut => {
  const said = statement(n, over);
  const hash = hashOf(n * 100 + said.version);
  const before = said.version === 1 ? null : hashOf(n * 100 + said.version - 1);
  const times = { at: start, expiresAt: start + day };
  return { mesh, statement: said, hash, before, lead: member(1), ...times };
};

const move = (n: number, of: number, role: TopicMove["role"]): TopicMove => ({
  ...{ mesh, topic: topicId(n), member: member(of), role, at: start, expiresAt: start + day },
});

/** What topics are, who is in them, how far they were read, and their posts. */
export function acceptTopics(withStore: WithStore): void {
  test("a topic is kept with its lead, by its newest version, over a restart", async () => {
    await withStore(async (store, reopen) => {
      assert.equal(await store.write.putTopic(putTopic(1)), "kept");
      assert.equal(await store.write.putTopic(putTopic(1)), "kept", "the same again");
      const next = putTopic(1, { version: 2, description: "about" });
      assert.equal(await store.write.putTopic({ ...next, before: hashOf(7) }), "stale");
      assert.equal(await store.write.putTopic(next), "kept");
      const again = await reopen();
      const row = await again.read.topic(mesh, topicId(1));
      assert.deepEqual(row, { statement: next.statement, hash: next.hash, endedAt: null });
      assert.equal(await again.read.topic(otherMesh, topicId(1)), undefined);
      assert.deepEqual(await again.read.topicMembers(mesh, topicId(1)), [
        { member: member(1), role: "lead" },
      ]);
      const told = await readLog(again, ["*" as never]);
      const kinds = told.filter(({ kind }) => kind === "topic");
      assert.deepEqual(
        kinds.map(({ body }) => JSON.parse(body ?? "").topic.version),
        [1, 2],
      );
    });
  });

  test("a public name belongs to one topic until that is deleted; a private one takes none", async () => {
    await withStore(async (store) => {
      await store.write.putTopic(putTopic(1, { name: "plans" }));
      assert.equal(await store.write.putTopic(putTopic(2, { name: "plans" })), "taken");
      const hidden = putTopic(3, { name: "plans", visibility: "private" });
      assert.equal(await store.write.putTopic(hidden), "kept");
      assert.equal(
        await store.write.putTopic(putTopic(4, { name: "board", visibility: "private" })),
        "kept",
      );
      assert.equal(await store.write.putTopic(putTopic(5, { name: "board" })), "kept");
      const everyone = await readLog(store, ["*" as never]);
      const names = everyone
        .filter(({ kind }) => kind === "topic")
        .map(({ body }) => JSON.parse(body ?? "").topic.topic);
      assert.deepEqual(
        names,
        [topicId(1), topicId(5)],
        "of a private one only those in it are told",
      );
      await store.write.putTopic(putTopic(1, { name: "plans", version: 2, ended: true }));
      assert.equal(await store.write.putTopic(putTopic(2, { name: "plans" })), "kept");
      assert.deepEqual(
        (await store.read.topics(mesh)).map(({ topic, ended = false }) => [topic, ended])[0],
        [topicId(1), true],
      );
      assert.equal(await store.write.moveInTopic(move(1, 2, "member")), "unknown");
    });
  });

  test("members come, change their role and go; each is told, and sees what is posted meanwhile", async () => {
    await withStore(async (store) => {
      const audience = audienceOfTopic(topicId(1));
      await store.write.putTopic(putTopic(1));
      assert.equal(await store.write.moveInTopic(move(9, 2, "member")), "unknown");
      assert.equal(await store.write.moveInTopic(move(1, 2, "observer")), "moved");
      const role = () => store.read.topicRole(mesh, { topic: topicId(1), member: member(2) });
      assert.equal(await role(), "observer");
      await store.write.moveInTopic(move(1, 2, "member"));
      assert.equal(await role(), "member");
      const place = (await store.read.topicPlaces(mesh, member(2))).get(topicId(1));
      assert.deepEqual(place, { role: "member", members: 2, readSeq: 0 });
      const spans = () => store.read.spans(mesh, { member: member(2), after: 0 });
      assert.deepEqual(
        (await spans()).map((one) => [one.audience, one.until]),
        [[audience, null]],
      );
      await store.write.moveInTopic(move(1, 2, null));
      assert.equal(await role(), undefined);
      assert.equal(
        (await spans()).every(({ until }) => until !== null),
        true,
      );
      const told = (await readLog(store, [audienceOf(member(2))])).map(({ body }) => {
        const { role: now, members } = JSON.parse(body ?? "");
        return [now, members];
      });
      assert.deepEqual(told, [
        ["observer", 2],
        ["member", 2],
        [null, 1],
      ]);
    });
  });

  test("a read marker only moves forward", async () => {
    await withStore(async (store) => {
      const read = (seq: number) =>
        store.write.readTopic({ mesh, topic: topicId(1), member: member(2), seq });
      assert.equal(await read(5), 5);
      assert.equal(await read(3), 5);
      assert.equal((await store.read.topicPlaces(mesh, member(2))).get(topicId(1))?.readSeq, 5);
      assert.equal((await store.read.topicPlaces(mesh, member(3))).get(topicId(1)), undefined);
    });
  });

  test("posts are read between two places, newest first, those of this topic alone", async () => {
    await withStore(async (store) => {
      const audience = audienceOfTopic(topicId(1));
      for (let n = 1; n <= 5; n++) await store.write.appendMessage(message(n, { audience }));
      const other = audienceOfTopic(topicId(2));
      await store.write.appendMessage(message(6, { audience: other }));
      const posts = async (after: number, before: number, limit = 10) =>
        (await store.read.posts(mesh, { topic: topicId(1), after, before, limit })).map(
          ({ seq }) => seq,
        );
      const all = await posts(0, 1_000);
      assert.equal(all.length, 5);
      assert.deepEqual(
        all,
        [...all].sort((a, b) => b - a),
      );
      const [newest = 0, , third = 0] = all;
      assert.deepEqual(await posts(0, newest, 1), [all[1]]);
      assert.deepEqual(await posts(third, 1_000), all.slice(0, 2));
      assert.deepEqual(
        await store.read.posts(mesh, { topic: topicId(9), after: 0, before: 99, limit: 9 }),
        [],
      );
    });
  });

  test("whom a post names is told in the same write, once, unless it has the post itself", async () => {
    await withStore(async (store) => {
      const topic = topicId(1);
      await store.write.putTopic(putTopic(1));
      await store.write.moveInTopic(move(1, 2, "member"));
      const members = [member(2), member(3)];
      const naming = {
        ...message(1, { audience: audienceOfTopic(topic) }),
        mentions: { topic, members },
      };
      const sent = await store.write.appendMessage(naming);
      assert.equal(sent.result, "accepted");
      const again = await store.write.appendMessage(naming);
      assert.ok(sent.result === "accepted" && again.result === "accepted" && again.repeated);
      const told = async (n: number) =>
        (await readLog(store, [audienceOf(member(n))])).filter(({ kind }) => kind === "mention");
      assert.deepEqual(await told(2), []);
      const [one, ...more] = await told(3);
      assert.deepEqual(more, []);
      assert.deepEqual(JSON.parse(one?.body ?? ""), { topic, seq: sent.seq });
      assert.deepEqual([one?.sender, one?.seq], [naming.sender, sent.seq + 1]);
    });
  });

  test("a mesh has a limited number of topics", async () => {
    await withStore(async (store) => {
      const made = await Promise.all(
        Array.from({ length: limits.topics }, (_, n) => store.write.putTopic(putTopic(n + 1))),
      );
      assert.ok(made.every((one) => one === "kept"));
      assert.equal(await store.write.putTopic(putTopic(limits.topics + 1)), "full");
    });
  });
}
