import assert from "node:assert/strict";
import { test } from "node:test";
import { ready } from "@claudemesh/crypto";
import { ann, bob, cyd, dan, Room } from "../../../crypto/src/testing/room.ts";
import { entitledKeys } from "./entitled-keys.ts";

await ready();

const givesPast = () => false;

const epochsFor = (room: Room, who: typeof bob) =>
  entitledKeys(room.roster, room.id(who), givesPast).flatMap(({ place }) =>
    "epoch" in place ? [place.epoch] : [],
  );

test("with history a member may have every key, and of private topics those of the ones it is in", () => {
  const room = new Room();
  assert.deepEqual(epochsFor(room, bob), [0, 1]);
  const topics = entitledKeys(room.roster, room.id(dan), givesPast).filter(
    ({ place }) => "topic" in place,
  );
  assert.equal(topics.length, 1);
  assert.deepEqual(
    entitledKeys(room.roster, room.id(ann), givesPast).filter(({ place }) => "topic" in place),
    [],
  );
});

test("without history a member may have the keys of its own time only, and one who was removed none", () => {
  const room = new Room();
  room.chain.add(ann, "policy", { historyForNewMembers: "none" });
  room.chain.add(ann, "remove", { member: room.id(cyd), epoch: room.nextEpoch() });
  room.chain.add(ann, "epoch", room.nextEpoch());
  assert.deepEqual(epochsFor(room, cyd), []);
  room.chain.add(ann, "restore", { member: room.id(cyd) });
  room.chain.add(ann, "epoch", room.nextEpoch());
  assert.deepEqual(epochsFor(room, bob), [0, 1, 2, 3, 4]);
  assert.deepEqual(epochsFor(room, cyd), [0, 1, 3, 4]);
});

test("a private topic that gives no past keeps the keys from before a newcomer's time to itself", () => {
  const room = new Room();
  const [topic] = [...room.roster.topics.values()];
  assert.ok(topic);
  const lead = [ann, bob, cyd, dan].find((one) => topic.members.get(room.id(one)) === "lead");
  const newcomer = [ann, bob, cyd, dan].find((one) => !topic.members.has(room.id(one)));
  assert.ok(lead && newcomer);
  const { commitment } = room.nextEpoch();
  const version = topic.version + 1;
  room.chain.add(lead, "topic_key", { commitment, topic: topic.id, version });
  const member = room.id(newcomer);
  room.chain.add(lead, "topic_add", { member, role: "member", topic: topic.id });
  const versions = (hides: boolean) =>
    entitledKeys(room.roster, member, () => hides).flatMap(({ place }) =>
      "topic" in place && place.topic === topic.id ? [place.version] : [],
    );
  assert.deepEqual(versions(true), [version]);
  assert.ok(versions(false).length > 1);
});
