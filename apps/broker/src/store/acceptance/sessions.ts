import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Attestation,
  audienceOf,
  audienceOfSession,
  type SessionId,
} from "@claudemesh/protocol";
import type { LeaseClaim, SessionPut } from "../port.ts";
import {
  acknowledge,
  day,
  device,
  hashOf,
  member,
  mesh,
  message,
  messageId,
  otherMesh,
  readLog,
  seen,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const sessionId = (n: number) =>
  `ses_00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}` as SessionId;

/** Session `n` of member 2 on device 1; its key is the hash of its number. */
const put = (n: number, over: Partial<Attestation> = {}, key: string = hashOf(n)): SessionPut => ({
  mesh,
  attestation: {
    v: 1,
    mesh,
    member: member(2),
    device: device(1),
    session: sessionId(n),
    keys: { sign: "A".repeat(43), seal: "A".repeat(43) },
    at: start,
    notAfter: start + day,
    sig: "S".repeat(86),
    ...over,
  } as Attestation,
  key,
  at: start,
});

const claim = (n: number, over: Partial<LeaseClaim> = {}): LeaseClaim => ({
  mesh,
  member: member(2),
  thread: messageId(1),
  device: device(1),
  session: sessionId(n),
  at: start,
  until: start + 1_000,
  ...over,
});

const toSession = audienceOfSession(sessionId(1));

/** Sessions, what is addressed to them, and leases. */
export function acceptSessions(withStore: WithStore): void {
  test("a session is kept with its newest attestation, over a restart, until it is forgotten", async () => {
    await withStore(async (store, reopen) => {
      assert.equal(await store.write.putSession(put(1)), 1);
      const renewed = put(1, { notAfter: start + 2 * day });
      assert.equal(await store.write.putSession(renewed), 2);
      await store.write.putSession(put(2, { device: device(2) }));
      const again = await reopen();
      const row = await again.read.session(mesh, sessionId(1));
      assert.deepEqual(row, { attestation: renewed.attestation, attachedAt: start, endedAt: null });
      assert.equal(await again.read.session(otherMesh, sessionId(1)), undefined);
      assert.deepEqual(await again.read.sessionsOf(mesh, member(2), device(1)), [sessionId(1)]);
      assert.equal(
        await again.write.endSession({ mesh, session: sessionId(1), at: start + 5 }),
        true,
      );
      assert.equal(
        await again.write.endSession({ mesh, session: sessionId(1), at: start + 6 }),
        false,
      );
      assert.equal((await again.read.session(mesh, sessionId(1)))?.endedAt, start + 5);
      const forget = (before: number) => again.write.forgetSessions({ before, limit: 10 });
      assert.equal(await forget(start + day), 0);
      assert.equal(await forget(start + day + 1), 1);
      assert.equal(await forget(start + 3 * day), 1);
    });
  });

  test("a session's id is its device's, with the keys that it began with", async () => {
    await withStore(async (store) => {
      await store.write.putSession(put(1));
      assert.equal(await store.write.putSession(put(1, { device: device(2) })), "taken");
      assert.equal(await store.write.putSession(put(1, { member: member(3) })), "taken");
      assert.equal(await store.write.putSession(put(1, {}, hashOf(9))), "taken");
    });
  });

  test("sessions are found by the beginning of their key while their attestation lasts", async () => {
    await withStore(async (store) => {
      await store.write.putSession(put(1, {}, "aa".repeat(32)));
      await store.write.putSession(put(2, {}, `aaab${"c".repeat(60)}`));
      await store.write.putSession(put(3, { notAfter: start + 1 }, `aaac${"c".repeat(60)}`));
      const find = async (key: string, limit = 10) =>
        (await store.read.sessionsByKey(mesh, { key, at: start + 1, limit })).map(
          ({ attestation }) => attestation.session,
        );
      assert.deepEqual(await find("aaa"), [sessionId(1), sessionId(2)]);
      assert.deepEqual(await find("aaab"), [sessionId(2)]);
      assert.deepEqual(await find("aaa", 1), [sessionId(1)]);
      assert.deepEqual(await find("b"), []);
    });
  });

  test("what is addressed to a session goes when its own device has it, or expires with a notice", async () => {
    await withStore(async (store) => {
      await store.write.putSession(put(1));
      for (const on of [1, 2]) await store.write.seenDevice(seen(2, on, 0));
      await store.write.appendMessage(message(1, { audience: toSession }));
      await store.write.ack(acknowledge(2, 2, 3));
      assert.equal((await readLog(store, [toSession])).length, 1, "another device has it not");
      await store.write.ack(acknowledge(2, 1, 3));
      assert.deepEqual(await readLog(store, [toSession]), []);
      await store.write.appendMessage(message(2, { audience: toSession }));
      await store.write.ack(acknowledge(2, 2, 4));
      assert.equal(await store.write.expire({ now: start + 8 * day, limit: 10 }), 1);
      const [record] = await store.read.message(mesh, messageId(2));
      assert.equal(record?.expired, true);
      const [notice] = await readLog(store, [audienceOf(member(1))]);
      assert.equal(notice?.kind, "notice");
    });
  });

  test("a lease has one holder at a time; its token grows, and counts until another takes over", async () => {
    await withStore(async (store, reopen) => {
      const first = await store.write.claimLease(claim(1));
      assert.deepEqual([first.granted, first.token], [true, 1]);
      const refused = await store.write.claimLease(claim(2));
      assert.deepEqual([refused.granted, refused.holder.session], [false, sessionId(1)]);
      const longer = await store.write.claimLease(
        claim(1, { at: start + 900, until: start + 2_000 }),
      );
      assert.deepEqual([longer.token, longer.until], [1, start + 2_000]);
      const other = await store.write.claimLease(claim(2, { thread: messageId(2) }));
      assert.deepEqual([other.granted, other.token], [true, 2]);
      const answer = (n: number, token: number, thread = messageId(1)) =>
        store.write.appendMessage(
          message(n, {
            sender: member(2),
            audience: audienceOf(member(1)),
            lease: { thread, token },
          }),
        );
      assert.equal((await answer(11, 1)).result, "accepted");
      assert.equal(
        await store.write.releaseLeases({ mesh, session: sessionId(1), at: start + 950 }),
        1,
      );
      assert.equal((await answer(12, 1)).result, "accepted", "until another takes over");
      const again = await reopen();
      const taken = await again.write.claimLease(claim(2, { at: start + 950 }));
      assert.deepEqual([taken.granted, taken.token], [true, 3]);
      const late = message(13, {
        sender: member(2),
        audience: audienceOf(member(1)),
        lease: { thread: messageId(1), token: 1 },
      });
      assert.deepEqual(await again.write.appendMessage(late), { result: "fenced" });
      const known = { ...late, id: messageId(11), digest: hashOf(1011) };
      const repeat = await again.write.appendMessage(known);
      assert.equal(repeat.result === "accepted" && repeat.repeated, true);
      const { lease: _, ...free } = late;
      assert.equal((await again.write.appendMessage(free)).result, "accepted");
    });
  });

  test("leases are forgotten but for the highest token, so that none is given twice", async () => {
    await withStore(async (store) => {
      await store.write.claimLease(claim(1));
      await store.write.claimLease(claim(1, { thread: messageId(2) }));
      const forget = () => store.write.forgetLeases({ before: start + 5_000, limit: 10 });
      assert.equal(await forget(), 1);
      assert.equal(await forget(), 0);
      const next = await store.write.claimLease(
        claim(2, { at: start + 6_000, until: start + 7_000 }),
      );
      assert.equal(next.token, 3);
    });
  });
}
