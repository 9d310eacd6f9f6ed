import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf, limits } from "@claudemesh/protocol";
import {
  acknowledge,
  day,
  device,
  everyone,
  member,
  mesh,
  message,
  messageId,
  otherMesh,
  readLog,
  seen,
  seqsOf,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const recipient = audienceOf(member(2));

/** Devices, acknowledgements and the deletion that follows them. */
export function acceptCursors(withStore: WithStore): void {
  test("a new device starts where it is told, a known one where it stands", async () => {
    await withStore(async (store) => {
      assert.deepEqual(await store.write.seenDevice(seen(2, 1, 1)), { cursorSeq: 1 });
      await store.write.ack(acknowledge(2, 1, 2));
      assert.deepEqual(await store.write.seenDevice(seen(2, 1, 0, start + 9)), { cursorSeq: 2 });
      assert.deepEqual(await store.read.devices(mesh), [
        {
          member: member(2),
          device: device(1),
          cursorSeq: 2,
          firstSeenAt: start,
          lastSeenAt: start + 9,
        },
      ]);
      await assert.rejects(store.write.seenDevice(seen(2, 2, 3)), { code: "cursor_invalid" });
    });
  });

  test("of one member so many devices are known; the one silent longest gives way", async () => {
    await withStore(async (store) => {
      for (let n = 1; n <= limits.devicesPerMember + 1; n += 1) {
        await store.write.seenDevice(seen(2, n, 0, start + n));
      }
      await store.write.seenDevice(seen(1, 900, 0));
      const devices = (await store.read.devices(mesh, member(2))).map((row) => row.device);
      assert.equal(devices.length, limits.devicesPerMember);
      assert.ok(!devices.includes(device(1)));
      assert.equal((await store.read.devices(mesh)).length, limits.devicesPerMember + 1);
    });
  });

  test("a device that only calls is known to its member, and holds up nothing", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      const call = (n: number, at: number) =>
        store.write.calledDevice({ mesh, member: member(2), device: device(n), at });
      await call(2, start + 5);
      await call(2, start + 8);
      await call(1, start + 9);
      const times = (first: number, last: number) => ({
        firstSeenAt: start + first,
        lastSeenAt: start + last,
      });
      assert.deepEqual(await store.read.memberDevices(mesh, member(2)), [
        { device: device(1), ...times(0, 9) },
        { device: device(2), ...times(5, 8) },
      ]);
      const one = (n: number, of = mesh, m = 2) =>
        store.read.memberDevice(of, { member: member(m), device: device(n) });
      assert.deepEqual(await one(1), { device: device(1), ...times(0, 9) });
      assert.deepEqual(await one(2), { device: device(2), ...times(5, 8) });
      assert.equal(await one(3), undefined);
      assert.equal(await one(1, otherMesh), undefined);
      assert.equal(await one(1, mesh, 3), undefined);
      assert.deepEqual(await store.read.memberDevices(mesh, member(3)), []);
      assert.deepEqual(await store.read.memberDevices(otherMesh, member(2)), []);
      assert.deepEqual(
        (await store.read.devices(mesh, member(2))).map((row) => row.device),
        [device(1)],
      );
      for (let n = 1; n <= limits.devicesPerMember; n += 1) await call(100 + n, start + 10 + n);
      const all = await store.read.memberDevices(mesh, member(2));
      assert.equal(all.length, limits.devicesPerMember + 1, "the one with a feed stays");
      assert.ok(!all.some((one) => one.device === device(2)));
    });
  });

  test("a cursor moves forward only, never past the end, and not for a stranger", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      await store.write.appendMessage(message(1));
      const at = (seq: number, id: string) => ({ epoch: "first", seq, id });
      const { position } = await store.write.ack(acknowledge(2, 1, 3));
      assert.deepEqual(position, at(3, messageId(1)));
      assert.equal((await store.write.ack(acknowledge(2, 1, 1))).position.seq, 3);
      assert.equal((await store.write.ack(acknowledge(2, 1, null))).position.seq, 3);
      await assert.rejects(store.write.ack(acknowledge(2, 1, 4)), { code: "cursor_invalid" });
      await assert.rejects(store.write.ack(acknowledge(2, 7, 1)), { code: "not_found" });
    });
  });

  test("direct contents go when every live device has them; their place stays, shared entries too", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      await store.write.seenDevice(seen(2, 2, 0));
      await store.write.seenDevice(seen(3, 3, 0));
      for (const n of [1, 2, 3]) await store.write.appendMessage(message(n));
      await store.write.appendMessage(message(4, { audience: everyone }));
      await store.write.ack(acknowledge(2, 1, 6));
      assert.deepEqual(seqsOf(await readLog(store, [recipient])), [3, 4, 5]);

      await store.write.ack(acknowledge(2, 2, 4, { at: start + 7 }));
      assert.deepEqual(seqsOf(await readLog(store, [recipient])), [5]);
      assert.deepEqual(seqsOf(await readLog(store, [everyone])), [1, 2, 6]);
      const [record] = await store.read.message(mesh, messageId(1));
      assert.deepEqual(record, {
        id: messageId(1),
        seq: 3,
        sender: member(1),
        audience: recipient,
        acceptedAt: start,
        expiresAt: start + 7 * day,
        contentsDeletedAt: start + 7,
        expired: false,
      });
      assert.equal((await store.read.position(mesh, 3))?.id, messageId(1));
    });
  });

  test("a device not seen for long does not hold up deletion", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      await store.write.seenDevice(seen(2, 2, 0, start + 40 * day));
      await store.write.appendMessage(message(1));
      const late = { at: start + 40 * day, retiredBefore: start + 10 * day };
      await store.write.ack(acknowledge(2, 2, 3, late));
      assert.deepEqual(await readLog(store, [recipient]), []);
    });
  });

  test("a device that began later does not count as having what came before it", async () => {
    await withStore(async (store) => {
      await store.write.appendMessage(message(1));
      await store.write.seenDevice(seen(2, 1, 3));
      await store.write.appendMessage(message(2));
      await store.write.ack(acknowledge(2, 1, 4));
      assert.deepEqual(seqsOf(await readLog(store, [recipient])), [3]);
      await store.write.expire({ now: start + 8 * day, limit: 100 });
      const [record] = await store.read.message(mesh, messageId(1));
      assert.equal(record?.expired, true);
    });
  });

  test("receipts are appended with the acknowledgement, once, and deleted at their reader", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(1, 1, 0));
      await store.write.seenDevice(seen(2, 2, 0));
      await store.write.appendMessage(message(1));
      const receipt = message(50, {
        sender: member(2),
        id: "rct_1",
        audience: audienceOf(member(1)),
        kind: "receipt",
        rosterSeq: null,
      });
      const accepted = { result: "accepted", seq: 4, at: start };
      const ack = acknowledge(2, 2, 3, { receipts: [receipt, receipt] });
      assert.deepEqual((await store.write.ack(ack)).receipts, [
        { ...accepted, repeated: false },
        { ...accepted, repeated: true },
      ]);
      const toSender = audienceOf(member(1));
      assert.deepEqual(
        (await readLog(store, [toSender])).map(({ kind, id }) => [kind, id]),
        [["receipt", "rct_1"]],
      );
      await store.write.ack(acknowledge(1, 1, 4));
      assert.deepEqual(await readLog(store, [toSender]), []);
      assert.deepEqual(await store.read.message(mesh, "rct_1" as never), []);
    });
  });

  test("a write that fails half-way undoes itself and nothing else", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      const heard: number[] = [];
      store.onAppend((_, entries) => heard.push(...seqsOf(entries)));
      const foreign = message(60, { mesh: otherMesh, kind: "receipt", id: "rct_2" });
      const good = message(61, { kind: "receipt", id: "rct_3", audience: audienceOf(member(77)) });
      const [before, failed, after] = await Promise.allSettled([
        store.write.appendMessage(message(1)),
        store.write.ack(acknowledge(2, 1, 3, { receipts: [good, foreign] })),
        store.write.appendMessage(message(2, { audience: audienceOf(member(77)) })),
      ]);
      assert.equal(before.status, "fulfilled");
      assert.equal(after.status, "fulfilled");
      assert.equal(failed.status === "rejected" && failed.reason.code, "malformed");
      assert.deepEqual(heard, [3, 4]);
      assert.equal((await store.read.devices(mesh))[0]?.cursorSeq, 0);
      assert.deepEqual(seqsOf(await readLog(store, [recipient])), [3]);
      assert.deepEqual(seqsOf(await readLog(store, [audienceOf(member(77))])), [4]);
    });
  });
}
