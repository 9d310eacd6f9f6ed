import assert from "node:assert/strict";
import { test } from "node:test";
import { createMeshKey, keyCommitment, sealKeyBundle, systemRandom } from "@claudemesh/crypto";
import type { MemberId } from "@claudemesh/protocol";
import { addMember } from "../broker/support/member.ts";
import { codeOf, RestWorld } from "./rest-world.ts";

test("a program that carries its owner's keys leaves a topic's key for a member who waits for it, and for no other key", async () => {
  await using world = await RestWorld.start();
  const { client, owner } = world;
  const { topic } = await world.topic("deploys");
  const sealed = (key: ReturnType<typeof createMeshKey>, recipients: readonly MemberId[]) => {
    const { roster, secret } = owner;
    const { signer } = secret;
    return sealKeyBundle({ roster, key, signer, random: systemRandom, recipients });
  };
  const meshKey = createMeshKey(systemRandom);
  const commitment = keyCommitment(owner.mesh, meshKey);
  await client.call("keys.put", { rows: sealed(meshKey, [owner.id]) });
  const entry = owner.next("epoch", { number: owner.roster.epochs.length, commitment });
  await client.call("roster.append", { entry });
  owner.roster.apply(entry);
  const bob = await addMember(owner, "bob");
  const bobs = await bob.connect();
  await bobs.call("keys.want", { commitments: [commitment] });

  const key = await world.key({ topics: [topic] });
  const waiting = async () => {
    const answer = await world.ask("GET", "/v1/topics/deploys/pending-seals", { key });
    return answer.body.items;
  };
  assert.deepEqual(await waiting(), [{ member: bob.id, commitment }]);
  const seal = (rows: unknown) =>
    world.ask("POST", "/v1/topics/deploys/seal", { key, body: { rows } });
  const foreign = await seal(sealed(createMeshKey(systemRandom), [bob.id]));
  assert.deepEqual([foreign.status, codeOf(foreign)], [403, "forbidden"]);
  const rows = sealed(meshKey, [bob.id]);
  const left = await seal(rows);
  assert.deepEqual([left.status, left.body], [200, { kept: 1 }]);
  assert.deepEqual((await seal(rows)).body, { kept: 0 }, "what is there already stays");
  assert.deepEqual(await waiting(), []);
  const { items } = await bobs.call("keys.list", { commitments: [commitment] });
  assert.deepEqual(items, rows);
  bobs.socket.terminate();
});
