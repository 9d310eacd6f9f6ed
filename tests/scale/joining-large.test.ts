import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { inviteSecret, nextEntry } from "@claudemesh/crypto";
import type { LocalDevice } from "@claudemesh/device";
import type { InviteCode, RosterCheck } from "@claudemesh/protocol";
import { type BareMember, makeInvite } from "@claudemesh/testkit";
import { sodium } from "../../packages/crypto/src/sodium.ts";
import { cliFolder } from "../../packages/testkit/src/cli-folder.ts";
import { eventually } from "../automation/eventually.ts";
import { Ground, refusal } from "../device/home-fixture.ts";
import { crowdedGround, spoilSignature, tamper } from "./crowd.ts";

const execute = promisify(execFile);
const members = 1_050;
/** the owner's genesis, the invite, and two signatures for each who joined */
const all = 2 * members;
/** signatures that a join verifies besides the chain's, here and at the broker: its own entry's, the hello's, proofs, and what came after the head of the invite */
const besides = 40;

const checkOf = async (device: LocalDevice): Promise<RosterCheck | undefined> =>
  (await device.api.mesh.list({})).items[0]?.rosterCheck;

const allVerified = (device: LocalDevice) =>
  eventually(
    async () => ((await checkOf(device)) === undefined ? true : undefined),
    "the whole roster is verified",
    () => device.standing(),
  );

/** A timer whose steps behind a join wait until they are let go. */
function heldSteps() {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  const timer = (ms: number, fn: () => void): (() => void) => {
    if (ms === 0 && !isOpen) {
      waiting.push(fn);
      return () => {};
    }
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  };
  const letGo = () => {
    isOpen = true;
    for (const fn of waiting.splice(0)) fn();
  };
  return { timer, letGo };
}

/** Counts the signatures that are verified from now on. */
function counted(t: TestContext): () => number {
  const { mock } = t.mock.method(sodium, "crypto_sign_verify_detached");
  return () => {
    const count = mock.callCount();
    mock.resetCalls();
    return count;
  };
}

test("a large mesh", async (t) => {
  await using ground = await Ground.start();
  const owner: BareMember = await crowdedGround(ground, members);
  const { mesh } = owner;
  const invited = async (vouched?: Parameters<typeof makeInvite>[2]): Promise<string> => {
    await using client = owner.connect("call");
    owner.roster.append((await client.roster.list({ after: owner.roster.head.seq })).items);
    return makeInvite(owner, 1, vouched);
  };
  const join_ = async (name: string, invite: string, steps?: ReturnType<typeof heldSteps>) => {
    const device = await ground.device(name, steps === undefined ? {} : { timer: steps.timer });
    return { device, joined: device.api.invite.claim({ invite, broker: ground.url }) };
  };
  /** The owner lets whom a device is of invite others. */
  const allowInviting = async (device: LocalDevice): Promise<void> => {
    const [own] = (await device.whoami()).meshes;
    assert.ok(own);
    await using client = owner.connect("call");
    owner.roster.append((await client.roster.list({ after: owner.roster.head.seq })).items);
    const body = { member: own.member, role: "admin" } as const;
    const by = { signer: owner.secret.signer, now: Date.now() };
    await client.member.role({ entry: nextEntry(owner.roster, "role", body, by) });
  };
  /** Whether what a device invites with carries its word on the chain. */
  const vouchesFor = async (device: LocalDevice): Promise<boolean> => {
    const { id } = await device.api.invite.create({});
    const db = new DatabaseSync(join(ground.folder, "broker", "broker.db"), { readOnly: true });
    try {
      const row = db.prepare("SELECT head IS NOT NULL AS vouched FROM invite WHERE id = ?").get(id);
      assert.ok(row, "the invite is not at the broker");
      return row.vouched === 1;
    } finally {
      db.close();
    }
  };
  /** Nobody has joined, and nothing is kept of it. */
  const refused = async (
    name: string,
    invite: string,
    code: "bad_signature" | "roster_fork",
    why: RegExp,
  ): Promise<void> => {
    const { device, joined } = await join_(name, invite);
    const error = await refusal(code, () => joined);
    assert.match(error.message, why);
    assert.deepEqual((await device.api.mesh.list({})).items, []);
  };

  await t.test("who joins is in first, and verifies the signatures behind", async (s) => {
    const invite = await invited();
    const verified = counted(s);
    const steps = heldSteps();
    const { device, joined } = await join_("bob", invite, steps);
    const { members: count, rosterCheck } = await joined;
    const first = verified();
    assert.ok(first < besides, `${first} signatures were verified before the join`);
    assert.equal(count, members + 1);
    assert.equal(rosterCheck?.verified ?? 0, 1 + (rosterCheck?.of ?? 0) - members - 1);
    assert.equal(device.standing()[0]?.rosterCheck?.of, rosterCheck?.of);
    assert.deepEqual((await device.api.mesh.info({})).rosterCheck, rosterCheck);
    await allowInviting(device);
    assert.equal(await vouchesFor(device), false, "it vouches for what it has not verified");
    steps.letGo();
    await allVerified(device);
    assert.equal(await vouchesFor(device), true);
    const names = (await device.api.member.list({})).items.map(({ name }) => name);
    assert.ok(names.includes(`member ${members - 1}`));
    // The chain, and the profiles beside it.
    assert.ok(verified() >= all + members);
    await device.api.member.list({});
    const listing = verified();
    assert.ok(listing < besides, `${listing} signatures were verified to list once more`);
    await device.close();
    const again = await ground.device("bob");
    assert.equal((await again.api.member.list({})).items.length, members + 1);
    assert.ok(verified() < besides);
  });

  await t.test("what was verified before a kill is not verified again", async (s) => {
    const invite = await invited();
    const home = ground.home("carol");
    const program = join(import.meta.dirname, "half-way-process.ts");
    const child = spawn(process.execPath, [program, home, ground.url, invite, "505"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    await Promise.race([
      once(child.stdout, "data"),
      ended.then(() => assert.fail("it ended before it was half way")),
    ]);
    child.kill("SIGKILL");
    await ended;
    const verified = counted(s);
    const device = await ground.device("carol");
    const half = await checkOf(device);
    assert.ok(half !== undefined && half.verified >= 505 && half.verified < half.of, `${half}`);
    await allVerified(device);
    const rest = verified();
    const left = 2 * (half.of - half.verified);
    assert.ok(rest >= left - 2 && rest <= left + besides, `${rest} of ${left} were verified`);
  });

  await t.test("an invite without a head is joined as before: all is verified first", async (s) => {
    const invite = await invited(null);
    const verified = counted(s);
    const { device, joined } = await join_("frank", invite);
    assert.equal((await joined).rosterCheck, undefined);
    assert.ok(verified() >= all);
    assert.equal(await checkOf(device), undefined);
  });

  await t.test("a head that the chain does not have is refused before the join", async () => {
    const { seq } = owner.roster.head;
    const forged = await invited({ seq, hash: owner.roster.genesisHash });
    await refused("grace", forged, "roster_fork", /the inviter's roster differs/);
  });

  await t.test("a head of another invite does not open", async () => {
    const [one, other] = [await invited(), await invited()];
    const idOf = (code: string) => inviteSecret(code as InviteCode).id;
    const sql = "UPDATE invite SET head = (SELECT head FROM invite WHERE id = ?) WHERE id = ?";
    await tamper(ground, sql, idOf(other), idOf(one));
    await refused("heidi", one, "bad_signature", /inviter's head blob does not open/);
  });

  await t.test("a bad signature above the head is refused before the join", async () => {
    const { head } = owner.roster;
    const seq = members - 10;
    const hash = owner.roster.hashAt(seq - 5);
    assert.ok(hash && head.seq > seq);
    const invite = await invited({ seq: seq - 5, hash });
    await spoilSignature(ground, seq);
    await refused("ivan", invite, "bad_signature", new RegExp(`join entry ${seq} does not verify`));
  });

  await t.test("a bad signature below the head is an alarm, and the mesh is held", async () => {
    const invite = await invited();
    await spoilSignature(ground, 600);
    const steps = heldSteps();
    const { device, joined } = await join_("judy", invite, steps);
    assert.equal((await joined).rosterCheck?.alarm, undefined);
    steps.letGo();
    const alarm = await eventually(
      async () => (await checkOf(device))?.alarm,
      "an alarm",
      () => device.standing(),
    );
    assert.match(alarm, /does not verify at entry 600/);
    const held = async (one: LocalDevice) => {
      await refusal("roster_fork", () => one.api.message.send({ to: "member 1", text: "hello" }));
      await refusal("roster_fork", () => one.api.member.list({}));
      const { items, notices } = await one.api.message.inbox({});
      assert.deepEqual(items, []);
      assert.ok(notices.some(({ text }) => /nothing of it is shown.*entry 600/.test(text)));
    };
    await held(device);
    await device.close();
    const doctor = await execute(
      process.execPath,
      [join(cliFolder, "claudemesh.js"), "doctor", "--no-daemon"],
      { env: { ...process.env, CLAUDEMESH_HOME: ground.home("judy") } },
    ).catch((failed: { stdout: string }) => failed);
    assert.match(doctor.stdout, /rosters .* is held: .*does not verify at entry 600/);
    const again = await ground.device("judy");
    await held(again);
    assert.match((await checkOf(again))?.alarm ?? "", /entry 600/);
    assert.equal((await again.api.mesh.leave({ mesh })).left, mesh);
    assert.deepEqual((await again.api.mesh.list({})).items, []);
  });
});
