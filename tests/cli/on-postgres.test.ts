import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { spellings, verbs } from "../../apps/cli/src/runner/verbs.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { play } from "./play.ts";
import { PostgresWorld } from "./postgres-world.ts";
import { parseTranscript, type Step } from "./transcript.ts";

/** What a team keeps together, and what its broker does by itself: whose transcripts hold on both stores. */
const shared =
  /^(clock|context|file|memory|peerfile|schedule|skill|state|stream|task|vault|watch|webhook)\b/;

/** The transcripts that have a verb of these, by name. */
const names = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith(".txt") && commandsOf(name).some((words) => shared.test(words)),
);

/** What the lines of a transcript ask for, each verb in its own words. */
function commandsOf(name: string): string[] {
  const text = readFileSync(join(import.meta.dirname, name), "utf8");
  return [...text.matchAll(/\bclaudemesh ([a-z-]+)(?: ([a-z-]+))?/g)].map(
    ([, noun = "", second = ""]) =>
      (spellings.get(`${noun} ${second}`) ?? spellings.get(noun))?.words ?? "",
  );
}

/** What is malformed is refused before any store is asked. */
const isWrongUse = (step: Step): boolean => step.does === "run" && step.exit === 3;

/** Whether it stops its broker or starts it in its own way, and so cannot share one. */
const isAlone = (name: string): boolean =>
  parseTranscript(readFileSync(join(import.meta.dirname, name), "utf8")).some(
    (step) =>
      step.does === "direct" &&
      (step.words[0] === "stop" || (step.words[0] === "broker" && step.words.length > 2)),
  );

test("every verb of what is shared is in a transcript", () => {
  const played = new Set(names.flatMap(commandsOf));
  assert.deepEqual(
    verbs.map(({ words }) => words).filter((words) => shared.test(words) && !played.has(words)),
    [],
  );
});

const running = cluster();

describe("on PostgreSQL", { skip, concurrency: 2 }, () => {
  let serving: PostgresWorld | undefined;
  let broker = "";
  const newDatabase = async () => running().server.url(await running().databases.create());

  before(async () => {
    serving = new PostgresWorld(await newDatabase());
    broker = await serving.serve("operator");
  });
  after(() => serving?.[Symbol.asyncDispose]());

  for (const name of names) {
    test(`transcript ${name}`, async () => {
      const own = isAlone(name);
      await using world = own
        ? new PostgresWorld(await newDatabase())
        : new PostgresWorld("", broker);
      await play(join(import.meta.dirname, name), "on", world, isWrongUse);
    });
  }
});
