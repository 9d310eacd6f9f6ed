import { brokerFaults, type Pause } from "../chaos/fault-table.ts";
import type { Seeded } from "../faults/seeded.ts";
import { type AgentsGround, people } from "./ground.ts";
import { processesOf, signal } from "./processes.ts";

type KillFault = (ground: AgentsGround, random: Seeded, pause: Pause) => Promise<boolean>;

/** What is killed with -9, with how it comes back; each answers whether there was something to kill. */
const faults: Readonly<Record<string, KillFault>> = {
  // Whoever misses it starts it again: the push-pipes, the start of a session, a verb.
  "daemon kill -9": async (ground, random) => {
    const pids = ground.daemonOf(random.pick(people));
    for (const pid of pids) signal(pid, "SIGKILL");
    return pids.length > 0;
  },
  "broker kill -9": (ground, random, pause) => onBroker(ground, "kill -9", random, pause),
  "broker failpoint": (ground, random, pause) => onBroker(ground, "failpoint", random, pause),
  // Its session starts it again, or goes on without.
  "push-pipe kill -9": async (ground, random) => {
    const pipes = processesOf(ground.folder).filter(({ kind }) => kind === "pipe");
    if (pipes.length === 0) return false;
    signal(random.pick(pipes).pid, "SIGKILL");
    return true;
  },
  "session kill -9": (ground, random, pause) => onSession(ground, random, pause),
};

async function onBroker(
  { broker }: AgentsGround,
  kind: "kill -9" | "failpoint",
  random: Seeded,
  pause: Pause,
): Promise<boolean> {
  const fault = brokerFaults[kind];
  if (broker.isBusy || fault === undefined) return false;
  broker.isBusy = true;
  await fault(broker, random, pause);
  broker.isBusy = false;
  return true;
}

async function onSession(
  { sessions }: AgentsGround,
  random: Seeded,
  pause: Pause,
): Promise<boolean> {
  const session = random.pick(sessions);
  if (session.isBusy) return false;
  session.isBusy = true;
  await session.child.kill();
  await pause(random.between(0, 1_500));
  await session.start();
  session.isBusy = false;
  return true;
}

/** Which faults were brought, counted. */
export type Tried = ReadonlyMap<string, number>;

/** Kills at random points while messages are written, by their count and not by the clock; everything runs again when it settles. */
export async function killAtRandom(
  ground: AgentsGround,
  { random, kills, signal: until }: { random: Seeded; kills: number; signal: AbortSignal },
): Promise<Tried> {
  const { messages, progress } = ground.options;
  const every = messages / (kills + 1);
  const tried = new Map<string, number>();
  const underWay: Promise<unknown>[] = [];
  // A broker's failpoint waits to be run into; all other pauses are short.
  const pause: Pause = (ms) => pauseUntil(until, ms);
  const kinds = Object.keys(faults);
  for (let n = 1; n <= kills && !until.aborted; n++) {
    await Promise.race([ground.hasAttempted(Math.round(n * every)), aborted(until)]);
    // The first ones go through all kinds, so that a short run has each.
    const name = n <= kinds.length ? (kinds[n - 1] as string) : random.pick(kinds);
    await pause(random.between(0, 300));
    const fault = faults[name] as KillFault;
    const done = fault(ground, random.fork(), pause).then((isDone) => {
      if (isDone) tried.set(name, (tried.get(name) ?? 0) + 1);
    });
    progress(`${ground.attempts} messages, ${name}`);
    done.catch(() => undefined);
    underWay.push(done);
  }
  await Promise.race([ground.hasAttempted(messages), aborted(until)]);
  await Promise.all(underWay);
  return tried;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const pauseUntil = (signal: AbortSignal, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, signal.aborted ? 0 : ms);
    signal.addEventListener("abort", done);
  });
