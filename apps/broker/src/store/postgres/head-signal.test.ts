import assert from "node:assert/strict";
import { test } from "node:test";
import type { Audience } from "@claudemesh/protocol";
import { InProcessBus } from "../../bus/in-process.ts";
import { type Bus, busPayloadBytes } from "../../bus/port.ts";
import { member, mesh } from "../acceptance/fixtures.ts";
import type { LogEntry } from "../port.ts";
import { hearHeads, tellHead } from "./head-signal.ts";

const entry = (seq: number, body: string | null, over: Partial<LogEntry> = {}): LogEntry => ({
  ...{ seq, id: `msg_${seq}`, audience: "*" as Audience, kind: "message", at: 1_800_000_000_000 },
  ...{ sender: member(1), body, ...over },
});

/** What is heard of a commit with these entries, and the payloads that told it. */
function told(entries: readonly LogEntry[], over: Partial<Bus> = {}) {
  const payloads: string[] = [];
  const heard: (readonly LogEntry[] | undefined)[] = [];
  const bus = new InProcessBus().join();
  let hear: (payload: string, subject: string) => void = () => {};
  const between: Bus = Object.assign(Object.create(bus) as Bus, {
    carriesEntries: true,
    isAlone: false,
    publish(subject: string, payload: string) {
      payloads.push(payload);
      hear(payload, subject);
    },
    subscribe(_subject: string, listener: typeof hear) {
      hear = listener;
      return () => {};
    },
    ...over,
  });
  hearHeads(between, (of, news) => {
    assert.equal(of, mesh);
    heard.push(news);
  });
  tellHead(between, mesh, entries);
  return { payloads, heard };
}

test("what is heard is what was appended, whatever is in it", () => {
  const moves = [{ member: member(2), audience: "g:a" as Audience, enters: true }];
  const entries = [
    entry(1, '{"n":1}'),
    entry(2, null),
    entry(3, ""),
    entry(4, '"\\n\n\u2028ä🦊\ud800"', { sender: null, kind: "profile", moves }),
    entry(5, "[[1]]\n"),
  ];
  const { heard, payloads } = told(entries);
  assert.deepEqual(heard, [entries]);
  assert.equal(payloads.length, 1, "one signal for a commit");
});

test("a long commit is told in several signals, of an entry that is too long only its mesh", () => {
  const bodies = [
    "x".repeat(100_000),
    "ä".repeat(45_000),
    "x".repeat(300_000),
    "{}",
    "🦊".repeat(40_000),
  ];
  const entries = bodies.map((body, place) => entry(place + 1, body));
  const { heard, payloads } = told(entries);
  const [first, second, , fourth, fifth] = entries;
  assert.deepEqual(heard, [[first, second], undefined, [fourth, fifth]]);
  for (const payload of payloads) assert.ok(Buffer.byteLength(payload) <= busPayloadBytes);
});

test("a bus that is not made for contents, and one without others, is told that there is something", () => {
  for (const over of [{ carriesEntries: false }, { isAlone: true }]) {
    assert.deepEqual(told([entry(1, "{}")], over), { payloads: [""], heard: [undefined] });
  }
});
