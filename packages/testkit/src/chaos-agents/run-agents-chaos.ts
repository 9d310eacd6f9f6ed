import { storyAt } from "../chaos/audit.ts";
import { seeded } from "../faults/seeded.ts";
import { waitingAt } from "./audit.ts";
import { killAtRandom, type Tried } from "./faults.ts";
import { AgentsGround, people } from "./ground.ts";
import { endAll, leftToNext, peersGone } from "./last-acts.ts";
import type { AgentBug } from "./orders.ts";
import { settle } from "./settle.ts";
import { filesBelow, type LeftFile, overgrown } from "./sizes.ts";
import { type AgentsVerdict, judgeAgents } from "./verdict.ts";

export interface AgentsChaosOptions {
  /** unsigned 32-bit integer; the same seed draws the same kills, which the machine then times anew */
  readonly seed: number;
  readonly messages: number;
  /** how many processes are killed */
  readonly kills: number;
  readonly gapMs?: number;
  /** how long nothing may move before what waits is left to the next sessions */
  readonly patienceMs?: number;
  /** after so long peers whose sessions are gone are ghosts */
  readonly ghostMs?: number;
  readonly bug?: AgentBug;
  readonly progress?: (line: string) => void;
  /** ends the run early, without a verdict */
  readonly signal?: AbortSignal;
}

export interface AgentsChaosResult extends AgentsVerdict {
  readonly seed: number;
  readonly tried: Tried;
  readonly endings: ReadonlyMap<string, number>;
  /** what the sessions that were there had not been shown when nothing moved any more */
  readonly left: readonly string[];
  /** how long peers were shown after the last session was killed */
  readonly ghostsMs: number | undefined;
  readonly files: readonly LeftFile[];
}

/** Kills daemons, broker, push-pipes and agent sessions while four sessions of two people write to each other, lets all of it settle, and judges what they were shown. Throws when ended early. */
export async function runAgentsChaos(options: AgentsChaosOptions): Promise<AgentsChaosResult> {
  const { seed, messages, kills, gapMs = 300, bug, progress = () => {} } = options;
  const { patienceMs = 75_000, ghostMs = 20_000 } = options;
  const signal = options.signal ?? new AbortController().signal;
  const random = seeded(seed);
  const ground = { random: random.fork(), messages, gapMs, bug, progress };
  await using run = await AgentsGround.start(ground);
  await Promise.all(run.sessions.map((session) => session.start()));
  const tried = await killAtRandom(run, { random: random.fork(), kills, signal });
  signal.throwIfAborted();
  progress("settling");
  const left = await settle(run, { patienceMs, without: ["toAskFor"] });
  if (left.length > 0) tellLeft(run);
  signal.throwIfAborted();
  const { ghostsMs, findings: ghosts } = await peersGone(run, random.fork(), ghostMs);
  const untold = await leftToNext(run, patienceMs);
  const unended = await endAll(run);
  const names = ["alice", "bob", "broker"];
  const files = names.flatMap((name) => filesBelow(run.folder, name));
  const large = overgrown(files, messages);
  const before = [...untold, ...ghosts, ...unended, ...large];
  const verdict = judgeAgents(run, before);
  return { seed, tried, endings: run.endings, left, ghostsMs, files, ...verdict };
}

/** What is known of messages that the sessions which are there do not get. */
function tellLeft({ home, options }: AgentsGround): void {
  for (const who of people) {
    for (const id of waitingAt(home(who)).slice(0, 10)) {
      options.progress(`${who} waits for ${id}:\n  ${storyAt(home(who), id).join("\n  ")}`);
    }
  }
}
