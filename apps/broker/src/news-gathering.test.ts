import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemberId, MeshId } from "@claudemesh/protocol";
import { SeededNumbers, seedOfRun } from "../../../packages/testkit/src/seeded-numbers.ts";
import { NewsGathering, type NewsReader } from "./news-gathering.ts";
import type { Timer } from "./timer.ts";

const mesh = "mesh_a" as MeshId;
const member = (n: number) => `m${n}` as MemberId;

/** Text frames one behind the other, as a client takes them apart. */
function textsOf(frames: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < frames.length; ) {
    assert.equal(frames.readUInt8(at), 0x81);
    const short = frames.readUInt8(at + 1);
    const [head, length] = short < 126 ? [2, short] : [4, frames.readUInt16BE(at + 2)];
    texts.push(frames.toString("utf8", at + head, at + head + length));
    at += head + length;
  }
  return texts;
}

/** A client that knows who is there: by the list that it asks for when it comes, and by what it is told from then on. */
class Client implements NewsReader {
  readonly actor: { readonly member: MemberId };
  readonly knows: Set<string>;
  writes = 0;
  bytes = 0;

  constructor(own: MemberId, list: Iterable<string>) {
    this.actor = { member: own };
    this.knows = new Set(list);
  }

  tellFrames(frames: Buffer, count: number): void {
    this.writes += 1;
    this.bytes += frames.length;
    const texts = textsOf(frames);
    assert.equal(texts.length, count);
    for (const text of texts) {
      const { here, who } = JSON.parse(text) as { here: boolean; who: string };
      if (here) this.knows.add(who);
      else this.knows.delete(who);
    }
  }
}

/** One mesh with a clock that runs when it is told to. */
function crowd() {
  const readers = new Set<Client>();
  let due: (() => void) | undefined;
  const waits: number[] = [];
  const timer: Timer = {
    after: (ms, run) => {
      waits.push(ms);
      due = run;
      return () => {
        due = undefined;
      };
    },
    every: () => () => {},
  };
  const news = new NewsGathering(timer, () => readers);
  const pass = () => {
    const run = due;
    due = undefined;
    run?.();
  };
  return { readers, news, pass, waits };
}

/** Hidden from every seventh: what a member does not let others read. */
const maySee = (who: number, other: MemberId): boolean => (who + Number(other.slice(1))) % 7 !== 0;

test("after any course of comings and goings everyone knows who is there", () => {
  const random = new SeededNumbers(seedOfRun());
  const { readers, news, pass } = crowd();
  const here = new Set<number>();
  const seenBy = (own: MemberId) =>
    [...here].filter((who) => member(who) !== own && maySee(who, own)).map(String);
  for (let step = 0; step < 4_000; step += 1) {
    const who = random.next(300);
    const act = random.next(20);
    if (act === 0) readers.add(new Client(member(who), seenBy(member(who))));
    else if (act === 1 && readers.size > 150) readers.delete([...readers][who % 100] as Client);
    else if (act === 2) pass();
    else {
      const isHere = !here.delete(who);
      if (isHere) here.add(who);
      const text = JSON.stringify({ here: isHere, who: String(who) });
      news.tell(mesh, text, { except: member(who), mayKnow: (other) => maySee(who, other) });
    }
  }
  assert.ok(readers.size > 100);
  pass();
  for (const { actor, knows } of readers) {
    assert.deepEqual([...knows].sort(), seenBy(actor.member).sort());
  }
});

test("a storm writes to each feed once a moment, and few feeds hear at once", () => {
  const storm = (feeds: number, events: number) => {
    const { readers, news, pass, waits } = crowd();
    for (let n = 0; n < feeds; n += 1) readers.add(new Client(member(n), []));
    for (let n = 0; n < events; n += 1) {
      const text = JSON.stringify({ here: true, who: String(n) });
      news.tell(mesh, text, { except: member(n), mayKnow: () => true });
    }
    pass();
    const writes = [...readers].reduce((sum, one) => sum + one.writes, 0);
    return { writes, waits, knows: Math.min(...[...readers].map(({ knows }) => knows.size)) };
  };
  for (const feeds of [200, 400, 800]) {
    const { writes, waits, knows } = storm(feeds, 500);
    assert.equal(writes, feeds);
    assert.equal(waits.length, 1);
    assert.ok(knows >= 499);
  }
  assert.equal(storm(20_000, 1).waits[0], 250);
  assert.deepEqual(storm(100, 5), { writes: 495, waits: [], knows: 4 });
});

test("nothing is told after the end, nor once nobody is there", () => {
  const { readers, news, pass } = crowd();
  for (let n = 0; n < 101; n += 1) readers.add(new Client(member(n), []));
  const who = { except: undefined, mayKnow: () => true };
  news.tell(mesh, "{}", who);
  news.stop();
  pass();
  assert.ok([...readers].every(({ writes }) => writes === 0));
  news.tell(mesh, "{}", who);
  readers.clear();
  pass();
});
