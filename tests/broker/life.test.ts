import assert from "node:assert/strict";
import { test } from "node:test";
import { newReceiptId, openDirect, signReceipt, systemRandom } from "@claudemesh/crypto";
import type { Envelope, Hash } from "@claudemesh/protocol";
import { startBroker } from "./support/broker.ts";
import { Client, refusal } from "./support/client.ts";
import { addMember, foundMesh, Joiner } from "./support/member.ts";

test("a mesh is founded, joined by a link, and carries a message with its receipt", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url, "Team Rocket");
  const bob = await addMember(alice, "bob");
  const aliceFeed = await alice.connect("feed");
  const bobFeed = await bob.connect("feed");
  await bobFeed.find(({ kind }) => kind === "caught_up");

  const envelope = alice.message(bob, "hello bob");
  const sent = await aliceFeed.call("message.send", { envelope });
  assert.equal(sent.repeated, false);
  const event = await bobFeed.find(({ kind }) => kind === "message");
  assert.equal(event.seq, sent.seq);
  assert.deepEqual(event.body, envelope);
  assert.equal(openDirect(event.body as Envelope, bob.secret.opener).text, "hello bob");

  const receipt = signReceipt(
    {
      id: newReceiptId(Date.now, systemRandom),
      mesh: bob.mesh,
      member: bob.id,
      device: bob.device,
      to: alice.id,
      head: bob.roster.head,
      state: "stored",
      items: [{ id: envelope.header.id, digest: "0".repeat(64) as Hash }],
      at: Date.now(),
    },
    bob.secret.signer,
  );
  const acked = await bobFeed.request({ type: "receipt", ack: event.seq, receipts: [receipt] });
  assert.equal(acked.seq, event.seq);
  const heard = await aliceFeed.find(({ kind }) => kind === "receipt");
  assert.deepEqual(heard.body, receipt);

  const record = await aliceFeed.call("message.status", { id: envelope.header.id });
  assert.equal((record.devices as { has: boolean }[])[0]?.has, true);
  assert.equal(typeof record.contentsDeletedAt, "number");
  const info = await aliceFeed.call("mesh.info", {});
  assert.deepEqual([info.slug, info.members, info.online], ["team-rocket", 2, 2]);
  const peers = await aliceFeed.call("peer.list", {});
  assert.deepEqual(
    (peers.items as { member: string }[]).map(({ member }) => member),
    [bob.id],
  );
  const members = await bobFeed.call("member.list", {});
  assert.equal((members.items as unknown[]).length, 2);

  const log = at.lines.join("\n");
  assert.ok(log.includes(alice.id));
  const secrets = [
    String(envelope.body),
    envelope.sig,
    receipt.sig,
    String(acked.cursor),
    bob.secret.keys.sign,
  ];
  for (const secret of secrets)
    assert.ok(!log.includes(secret.slice(0, 40)), "the log holds a secret");
});

test("a message sent again is answered as the first time, another under its id is a conflict", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  const envelope = alice.message(bob, "once");
  const first = await client.call("message.send", { envelope });
  const again = await client.call("message.send", { envelope });
  assert.deepEqual(again, { ...first, repeated: true });
  const other = alice.message(bob, "twice", { id: envelope.header.id });
  await assert.rejects(client.call("message.send", { envelope: other }), refusal("conflict"));
});

test("what is not a member's own direct message is refused", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  const send = (envelope: unknown) => client.call("message.send", { envelope });
  await assert.rejects(send(bob.message(alice, "as bob")), refusal("forbidden"));
  await assert.rejects(send(alice.message(alice, "to me")), refusal("malformed"));
  const stranger = { ...bob, id: `mbr_${"1".repeat(64)}` } as typeof bob;
  await assert.rejects(send(alice.message(stranger, "?")), refusal("no_recipient"));
  const late = alice.message(bob, "?", { createdAt: Date.now() + 2 * 86_400_000 });
  await assert.rejects(send(late), refusal("clock_skew"));
  const direct = alice.message(bob, "x");
  const kind = { ...direct, header: { ...direct.header, kind: "broadcast" } };
  await assert.rejects(send(kind), refusal("malformed"));
  await assert.rejects(send({ ...direct, body: "A".repeat(90_000) }), refusal("too_large"));
});

test("a probe comes back on the sender's own feed", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const feed = await alice.connect("feed");
  const probe = alice.message(alice, "ping", { kind: "probe" });
  const answer = await feed.call("mesh.ping", { probe });
  const event = await feed.find(({ kind }) => kind === "message");
  assert.equal(event.seq, answer.seq);
});

test("settings, name and profile change; a leaver's connections are closed", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  const policy = alice.next("policy", { whoMayInvite: "members" });
  await client.call("mesh.settings", { entry: policy });
  alice.roster.apply(policy);
  const renamed = await client.call("mesh.rename", {
    entry: alice.next("policy", { name: "New Name" }),
  });
  assert.equal(renamed.slug, "new-name");
  const profile = alice.profile("Alice", 2);
  const updated = await client.call("member.update", { profile });
  assert.deepEqual(await client.call("member.update", { profile }), updated);
  await assert.rejects(
    client.call("member.update", { profile: alice.profile("old", 1) }),
    refusal("conflict"),
  );

  const leaving = await bob.connect("feed");
  const { items } = await leaving.call("roster.list", { after: bob.roster.head.seq });
  bob.roster.append(items as never);
  const entry = bob.next("remove", { member: bob.id });
  assert.deepEqual(await leaving.call("mesh.leave", { entry }), { left: bob.mesh });
  assert.equal((await leaving.closed).code, 4002);
  const { answer, client: refused } = await bob.greet("call");
  assert.equal(answer.error?.code, "not_member");
  assert.equal((await refused.closed).code, 4002);
  await assert.rejects(
    client.call("message.send", { envelope: alice.message(bob, "gone?") }),
    refusal("no_recipient"),
  );
});

test("an invite shows where it leads, is listed, revoked, and then leads nowhere", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const client = await alice.connect();
  const code = await alice.invite(client);
  const joiner = new Joiner(at.url, alice.mesh, code);
  const joining = await Client.open(at.url);
  const preview = await joining.call("invite.preview", { invite: joiner.invite.id });
  assert.deepEqual([preview.name, preview.inviter, preview.members], ["lab", "owner", 1]);
  await joiner.readChain(joining);
  const entry = alice.next("invite_revoke", { invite: joiner.invite.id });
  await client.call("invite.revoke", { entry });
  const { items } = await client.call("invite.list", {});
  assert.deepEqual(items, [{ id: joiner.invite.id, state: "revoked", used: 0 }]);
  await assert.rejects(joiner.readChain(joining), refusal("revoked"));
  await assert.rejects(joining.call("invite.claim", joiner.claim()), refusal("revoked"));
});
