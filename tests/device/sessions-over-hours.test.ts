import assert from "node:assert/strict";
import { test } from "node:test";
import { nextEntry } from "@claudemesh/crypto";
import type { AgentSession, LocalDevice } from "@claudemesh/device";
import { limits, type SessionId } from "@claudemesh/protocol";
import { MovedTime } from "../broker/support/time.ts";
import { keepOpen } from "../keys/room.ts";
import { callAs, startSession } from "./agent-sessions.ts";
import { Ground, refusal, texts } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

const hour = 3_600_000;

const sessionOf = ({ meshes }: AgentSession): SessionId => {
  const [first] = meshes;
  assert.ok(first);
  return first.session;
};

/** The peers that a device lists, once they are as wanted. */
async function peersWhen(device: LocalDevice, fits: (sessions: readonly string[]) => boolean) {
  const end = Date.now() + 60_000;
  for (;;) {
    const { items } = await device.api.peer.list({});
    const sessions = items.flatMap(({ session }) => session ?? []);
    if (fits(sessions)) return items;
    assert.ok(Date.now() < end, JSON.stringify(sessions));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Until when a session's attestation holds, as it lies in its home. */
function heldUntil(ground: Ground, name: string, session: SessionId): number {
  using home = new Inside(ground, name);
  const [row] = home.ctx.store.all<{ attestation: string }>(
    "SELECT attestation FROM session WHERE session = ?",
    session,
  );
  return (JSON.parse(row?.attestation ?? "{}") as { notAfter?: number }).notAfter ?? 0;
}

test("over two days a running session is attested anew before its time is over, and is a peer all the while", async () => {
  const time = new MovedTime();
  await using ground = await Ground.start({}, time);
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  for (const device of [alice, bob]) await keepOpen(device);
  const { session } = await startSession(bob, "b");
  const id = sessionOf(session);
  const [peer] = await peersWhen(alice, (all) => all.includes(id));
  assert.ok(peer);
  const renewed = new Set([heldUntil(ground, "bob", id)]);
  for (let hours = 0; hours < 48; hours += 6) {
    time.pass(6 * hour);
    // What a turn of the agent does: the session is looked at again.
    bob.sessions.update("b", { summary: `after ${hours + 6} hours` });
    const end = Date.now() + 60_000;
    const told = async () =>
      (await alice.api.peer.list({})).items.find((one) => one.session === id);
    while ((await told())?.summary !== `after ${hours + 6} hours`) {
      assert.ok(Date.now() < end, `after ${hours + 6} hours: ${JSON.stringify(await told())}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const until = heldUntil(ground, "bob", id);
    assert.ok(until > time.now(), `after ${hours + 6} hours its attestation is over`);
    renewed.add(until);
    const text = `hour ${hours}`;
    await alice.api.message.send({ to: peer.key, text });
    assert.deepEqual(texts(await callAs(bob, "b", "message.inbox", { wait: "60s" })), [text]);
  }
  // A day each, renewed when a quarter of it is left.
  assert.ok(renewed.size >= 3 && renewed.size <= 4, `${renewed.size} attestations in two days`);
});

test("a session whose attestation runs out while its device is away is no peer, and nothing is sealed to it", async () => {
  const time = new MovedTime();
  await using ground = await Ground.start({}, time);
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await keepOpen(alice);
  await keepOpen(bob);
  const { session } = await startSession(bob, "b");
  const id = sessionOf(session);
  const [peer] = await peersWhen(alice, (all) => all.includes(id));
  assert.ok(peer);
  await bob.close();
  time.pass(limits.attestationMs + hour);
  await peersWhen(alice, (all) => !all.includes(id));
  await refusal("no_recipient", () => alice.api.message.send({ to: peer.key, text: "late" }));
});

test("a session that its member has ended by the roster leaves at once, is given nothing more, and does not come back", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  for (const device of [alice, bob]) await keepOpen(device);
  const { session } = await startSession(bob, "b");
  const { session: other } = await startSession(bob, "kept");
  const [id, kept] = [sessionOf(session), sessionOf(other)];
  const peers = await peersWhen(alice, (all) => all.includes(id) && all.includes(kept));
  const peer = peers.find((one) => one.session === id);
  assert.ok(peer);
  {
    using home = new Inside(ground, "bob");
    const { ctx, row, secret } = home;
    await ctx.links.using(row, async ({ client }) => {
      const roster = ctx.rosters.of(row.mesh);
      const by = { signer: secret.signer, now: Date.now() };
      const entry = nextEntry(roster, "session_revoke", { session: id }, by);
      await client.roster.append({ entry });
    });
    await ctx.links.close();
    await ctx.links.hangUp();
  }
  await peersWhen(alice, (all) => !all.includes(id) && all.includes(kept));
  await refusal("no_recipient", () => alice.api.message.send({ to: peer.key, text: "after" }));
  bob.sessions.update("b", { summary: "still here" });
  bob.sessions.update("kept", { summary: "looked at after it" });
  await peersWhen(alice, (all) => all.includes(kept));
  const end = Date.now() + 60_000;
  const summary = async () =>
    (await alice.api.peer.list({})).items.find((one) => one.session === kept)?.summary;
  while ((await summary()) !== "looked at after it") {
    assert.ok(Date.now() < end, "the other session's news came");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { items } = await alice.api.peer.list({});
  assert.ok(!items.some((one) => one.session === id));
});
