import assert from "node:assert/strict";
import { test } from "node:test";
import { ready } from "@claudemesh/crypto";
import { ann, bob, cyd, dan, Room } from "../../../crypto/src/testing/room.ts";
import { entitledKeys } from "./entitled-keys.ts";

await ready();

const epochsFor = (room: Room, who: typeof bob) =>
  entitledKeys(room.roster, room.id(who)).flatMap(({ place }) =>
    "epoch" in place ? [place.epoch] : [],
  );

test("with history a member may have every key, and of private topics those of the ones it is in", () => {
  const room = new Room();
  assert.deepEqual(epochsFor(room, bob), [0, 1]);
  const topics = entitledKeys(room.roster, room.id(dan)).filter(({ place }) => "topic" in place);
  assert.equal(topics.length, 1);
  assert.deepEqual(
    entitledKeys(room.roster, room.id(ann)).filter(({ place }) => "topic" in place),
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
