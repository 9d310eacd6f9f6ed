import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeviceId, MeshError, type SessionId } from "@claudemesh/protocol";
import { mayAnswer } from "../../packages/device/src/hand-over/lease.ts";
import type { Claim, Lease } from "../../packages/device/src/sessions/agent-session.ts";
import type { HomeSessions } from "../../packages/device/src/sessions/home-sessions.ts";
import { rowsForSessions } from "../../packages/device/src/store/hand-over-rows.ts";
import { Ground } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";

const answerer = {
  agentSession: "a",
  session: "ses_00000000-0000-4000-8000-000000000001" as SessionId,
};
const otherDevice = "dev_00000000-0000-4000-8000-000000000002" as DeviceId;

/** Bob's home with one message of alice's, and a broker's word on leases in the test's hands. */
async function withMessage(ground: Ground) {
  await ground.mesh("alice", "bob");
  using alice = new Inside(ground, "alice");
  const bob = new Inside(ground, "bob");
  await bob.take("message", alice.seal(bob));
  const asked: Claim[] = [];
  const word: { lease: Lease | MeshError } = { lease: new MeshError("offline", "no broker") };
  const sessions: HomeSessions = Object.create(bob.ctx.sessions);
  sessions.claim = async (_mesh, claim) => {
    asked.push(claim);
    if (word.lease instanceof MeshError) throw word.lease;
    return word.lease;
  };
  const ctx = { ...bob.ctx, sessions };
  const waiting = () => rowsForSessions(ctx.store, [bob.row.mesh]);
  const grant = (granted: boolean, device: DeviceId): Lease => ({
    granted,
    ...(granted ? { token: "7" } : {}),
    until: ctx.now() + 600_000,
    holder: { device, session: answerer.session },
  });
  return { bob, ctx, asked, word, waiting, grant };
}

test("a lease that was granted is asked for once, and kept for the reply", async () => {
  await using ground = await Ground.start();
  const { bob, ctx, asked, word, waiting, grant } = await withMessage(ground);
  word.lease = grant(true, bob.row.device);
  const [row] = waiting();
  assert.ok(row);
  assert.equal(await mayAnswer(ctx, row, answerer), true);
  assert.equal(await mayAnswer(ctx, row, answerer), true);
  assert.equal(asked.length, 1);
  const kept = ctx.store.get<{ token: string }>("SELECT token FROM lease");
  assert.equal(kept?.token, "7");
  assert.equal(await mayAnswer(ctx, row, { ...answerer, agentSession: "b" }), true);
  assert.equal(asked.length, 2);
  bob[Symbol.dispose]();
});

test("what another device answers is left to it, told so, and still in this home's inbox", async () => {
  await using ground = await Ground.start();
  const { bob, ctx, word, waiting, grant } = await withMessage(ground);
  word.lease = grant(false, otherDevice);
  const [row] = waiting();
  assert.ok(row);
  assert.equal(await mayAnswer(ctx, row, answerer), false);
  assert.deepEqual(waiting(), []);
  assert.deepEqual(bob.texts(), ["hello"]);
  assert.ok(bob.steps().some((step) => step.includes("another of your devices")));
  bob[Symbol.dispose]();
});

test("without the broker's word it goes on only where no other device of the member is known", async () => {
  await using ground = await Ground.start();
  const { bob, ctx, word, waiting, grant } = await withMessage(ground);
  const [row] = waiting();
  assert.ok(row);
  assert.equal(await mayAnswer(ctx, row, answerer), true);
  word.lease = grant(false, otherDevice);
  assert.equal(await mayAnswer(ctx, row, answerer), false);
  word.lease = new MeshError("offline", "no broker");
  assert.equal(await mayAnswer(ctx, row, answerer), false);
  bob[Symbol.dispose]();
});

test("a message to one session needs no lease", async () => {
  await using ground = await Ground.start();
  const { bob, ctx, asked, waiting } = await withMessage(ground);
  const [row] = waiting();
  assert.ok(row);
  assert.equal(await mayAnswer(ctx, { ...row, to_session: answerer.session }, answerer), true);
  assert.equal(asked.length, 0);
  bob[Symbol.dispose]();
});
