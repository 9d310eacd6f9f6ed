import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { play } from "./play.ts";
import { playedVerbs } from "./played.ts";
import { PostgresWorld } from "./postgres-world.ts";
import { sharedNouns } from "./shared-nouns.ts";
import { parseTranscript, type Step } from "./transcript.ts";

const isShared = (words: string): boolean => sharedNouns.includes(words.split(" ")[0] ?? "");

/** The transcripts that have a verb of these, by name. */
const names = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith(".txt") && playedVerbs(name).some(isShared),
);

/** What is malformed is refused before any store is asked. */
const isWrongUse = (step: Step): boolean => step.does === "run" && step.exit === 3;

/** Whether it stops its broker or starts it in its own way, and so cannot share one. */
const isAlone = (name: string): boolean =>
  parseTranscript(readFileSync(join(import.meta.dirname, name), "utf8")).some(
    (step) =>
      step.does === "direct" &&
      (step.words[0] === "stop" || (step.words[0] === "broker" && step.words.length > 2)),
  );

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
