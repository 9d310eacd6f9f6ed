import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Audience,
  audienceOfGroup,
  audienceOfTopic,
  type TopicId,
  withAncestors,
} from "@claudemesh/protocol";
import fc from "fast-check";
import type { LogEntry, ProfileAppend, Store } from "../port.ts";
import {
  acknowledge,
  everyone,
  hashOf,
  member,
  mesh,
  message,
  messageId,
  profile,
  rosterAppend,
  seen,
  seqsOf,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const paths = ["a", "a/b", "a/b/c", "d"] as const;
const members = [1, 2, 3] as const;

/** The next version of a member's profile, naming these groups. */
function named(of: number, version: number, groups: readonly string[]): ProfileAppend {
  const { statement } = profile(member(of), version, 0);
  const stated = { ...statement, fields: { ...statement.fields, groups: [...groups] } };
  const hash = hashOf(10_000 * of + version);
  return {
    mesh,
    rosterSeq: 99,
    profile: { statement: stated, hash },
    at: start,
    expiresAt: start + 1,
  };
}

/** What a member's groups and topics show of the log after `after`. */
const view = async (store: Store, of: number, after = 0): Promise<readonly LogEntry[]> => {
  const spans = await store.read.spans(mesh, { member: member(of), after });
  const upTo = 1_000_000;
  return store.read.log(mesh, { after, upTo, audiences: [], spans, limit: 10_000 });
};

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ to: fc.constantFrom(...paths) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      of: fc.constantFrom(...members),
      groups: fc.uniqueArray(fc.constantFrom(...paths), { maxLength: 3 }),
    }),
  },
);

/** Who is in which group or topic, from where to where. */
export function acceptAudiences(withStore: WithStore): void {
  test("whatever members join and leave, each sees of its groups what was sent while it was in them, at any depth", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) =>
        withStore(async (store) => {
          const wanted = new Map(members.map((of) => [of, [] as number[]]));
          const now = new Map<number, ReadonlySet<string>>();
          let seq = 2;
          let version = 1;
          for (const [n, taken] of steps.entries()) {
            seq += 1;
            if ("to" in taken) {
              const audience = audienceOfGroup(taken.to);
              await store.write.appendMessage(message(n, { audience }));
              for (const of of members) if (now.get(of)?.has(taken.to)) wanted.get(of)?.push(seq);
            } else {
              version += 1;
              await store.write.appendProfile(named(taken.of, version, taken.groups));
              now.set(taken.of, new Set(taken.groups.flatMap(withAncestors)));
            }
          }
          for (const of of members) {
            assert.deepEqual(seqsOf(await view(store, of)), wanted.get(of));
            const late = (wanted.get(of) ?? []).filter((one) => one > 9);
            assert.deepEqual(seqsOf(await view(store, of, 9)), late);
            const bearers = await store.read.bearers(mesh, audienceOfGroup("a"), 10);
            assert.equal(bearers.includes(member(of)), now.get(of)?.has("a") ?? false);
          }
        }),
      ),
      { numRuns: 12 },
    );
  });

  test("listeners are told who moves, at the entry that moves them", async () => {
    await withStore(async (store) => {
      const heard: LogEntry[] = [];
      store.onAppend((_mesh, entries) => heard.push(...entries));
      await store.write.appendProfile(named(2, 2, ["a/b"]));
      await store.write.appendProfile(named(2, 3, ["a"]));
      assert.deepEqual(
        heard.map(({ seq, moves }) => [
          seq,
          moves?.map(({ audience, enters }) => [audience, enters]),
        ]),
        [
          [
            3,
            [
              ["g:a", true],
              ["g:a/b", true],
            ],
          ],
          [4, [["g:a/b", false]]],
        ],
      );
    });
  });

  test("one who is removed leaves every group, and one who is let back in returns to those of its profile", async () => {
    await withStore(async (store) => {
      await store.write.appendProfile(named(2, 2, ["a"]));
      await store.write.appendRoster(
        rosterAppend(1, { type: "remove", body: { member: member(2) } }, { barrier: true }),
      );
      const audience = audienceOfGroup("a");
      assert.deepEqual(await store.read.bearers(mesh, audience, 10), []);
      await store.write.appendMessage(message(1, { audience, rosterSeq: 1 }));
      await store.write.appendRoster(
        rosterAppend(2, { type: "restore", body: { member: member(2) } }),
      );
      await store.write.appendMessage(message(2, { audience, rosterSeq: 1 }));
      assert.deepEqual(
        (await view(store, 2)).map(({ id }) => id),
        [messageId(2)],
      );
    });
  });

  test("what is for many stays when a device has it, and spans that every device has passed are forgotten", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      await store.write.appendProfile(named(2, 2, ["a"]));
      const audience = audienceOfGroup("a");
      await store.write.appendMessage(message(1, { audience }));
      await store.write.appendMessage(message(2, { audience: everyone }));
      await store.write.appendProfile(named(2, 3, []));
      await store.write.ack(acknowledge(2, 1, 6));
      assert.deepEqual(seqsOf(await view(store, 2)), [4]);
      await store.write.appendProfile(named(2, 4, ["a"]));
      await store.write.appendProfile(named(2, 5, []));
      const spans = await store.read.spans(mesh, { member: member(2), after: 0 });
      assert.deepEqual(spans, [{ audience, from: 7, until: 8 }]);
    });
  });

  test("a private topic has a barrier of its own, beside the mesh's", async () => {
    await withStore(async (store) => {
      const topics = [1, 2].map((n) => `top_00000000-0000-7000-8000-00000000000${n}` as TopicId);
      const [first, second] = topics.map(audienceOfTopic) as [Audience, Audience];
      const [topic = "" as TopicId] = topics;
      const key = { topic, version: 1, commitment: hashOf(5) };
      await store.write.appendRoster(rosterAppend(1, { type: "topic_key", body: key }));
      const send = (n: number, audience: Audience, rosterSeq: number) =>
        store.write.appendMessage(message(n, { audience, rosterSeq }));
      assert.deepEqual(await send(1, first, 0), { result: "stale", barrier: 1 });
      assert.equal((await send(2, second, 0)).result, "accepted");
      assert.equal((await send(3, first, 1)).result, "accepted");
      const out = { topic, member: member(2) };
      await store.write.appendRoster(rosterAppend(2, { type: "topic_remove", body: out }));
      assert.deepEqual(await send(4, first, 1), { result: "stale", barrier: 2 });
      assert.equal((await send(3, first, 1)).result, "accepted", "a known id answers as before");
    });
  });
}
