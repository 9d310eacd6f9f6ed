import assert from "node:assert/strict";
import { test } from "node:test";
import { voidEnvelope } from "@claudemesh/crypto";
import type { RosterEntry } from "@claudemesh/protocol";
import { startBroker } from "./support/broker.ts";
import { refusal } from "./support/client.ts";
import { addMember, foundMesh } from "./support/member.ts";

test("a message given up is voided under its id, unless it had been accepted", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  const voided = (envelope: ReturnType<typeof alice.message>) =>
    voidEnvelope({ header: { ...envelope.header, kind: "void" }, signer: alice.secret.signer });
  const never = alice.message(bob, "never sent");
  await client.call("message.send", { envelope: voided(never) });
  await assert.rejects(client.call("message.send", { envelope: never }), refusal("conflict"));
  const sent = alice.message(bob, "sent");
  await client.call("message.send", { envelope: sent });
  await assert.rejects(
    client.call("message.send", { envelope: voided(sent) }),
    refusal("conflict"),
  );
});

test("a repeat is answered as the first time, also when the recipient has left since", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const [client, leaving] = [await alice.connect(), await bob.connect()];
  const envelope = alice.message(bob, "x");
  const first = await client.call("message.send", { envelope });
  const { items } = await leaving.call("roster.list", { after: bob.roster.head.seq });
  bob.roster.append(items as RosterEntry[]);
  await leaving.call("mesh.leave", { entry: bob.next("remove", { member: bob.id }) });
  const again = await client.call("message.send", { envelope });
  assert.deepEqual(again, { ...first, repeated: true });
});

test("where policy forbids it, only admins change what a profile shows", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  const client = await alice.connect();
  await client.call("mesh.settings", {
    entry: alice.next("policy", { selfEditable: ["roleTag"] }),
  });
  const bobs = await bob.connect();
  const update = bobs.call("member.update", { profile: bob.profile("boss", 2) });
  await assert.rejects(update, refusal("forbidden"));
  await bobs.call("member.update", { profile: bob.profile("bob", 2) });
  await client.call("member.update", { profile: alice.profile("boss", 2) });
});
