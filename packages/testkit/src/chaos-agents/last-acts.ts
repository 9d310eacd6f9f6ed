import type { Target } from "../chaos/target.ts";
import type { Seeded } from "../faults/seeded.ts";
import { type AgentsGround, people } from "./ground.ts";
import { processesOf, signal } from "./processes.ts";
import { settle, until } from "./settle.ts";

const patienceMs = 60_000;

/** Ends every session, some in order and some by kill -9, and waits until nobody is shown them as peers any more. */
export async function peersGone(
  ground: AgentsGround,
  random: Seeded,
  ghostMs: number,
): Promise<{ readonly ghostsMs: number | undefined; readonly findings: readonly string[] }> {
  const ending = ground.sessions.map((session) =>
    random.chance(0.5) ? session.child.kill() : session.child.stop(patienceMs),
  );
  await Promise.all(ending);
  const devices = await Promise.all(people.map((who) => ground.device(who)));
  let seen: readonly string[] = [];
  const ghostsMs = await until(patienceMs, async () => {
    const lists = await Promise.all(devices.map(({ api }) => api.peer.list({})));
    seen = lists.flatMap(({ items }, i) =>
      items
        .filter(({ session }) => session !== undefined)
        .map(({ name, session }) => `${people[i]} sees session ${session} of ${name}`),
    );
    return seen.length === 0;
  });
  await Promise.all(devices.map((device) => device.close()));
  const isLate = ghostsMs === undefined || ghostsMs > ghostMs;
  const how = ghostsMs === undefined ? `still after ${patienceMs} ms` : `for ${ghostsMs} ms`;
  return { ghostsMs, findings: isLate ? [`ghosts ${how}: ${seen.join(", ")}`] : [] };
}

/** Lets one more session of each person take what the others left; answers what is still under way after that. */
export async function leftToNext(ground: AgentsGround, stillMs: number): Promise<string[]> {
  let left: readonly string[] = [];
  for (let round = 1; round <= 2; round++) {
    const last = people.map((who) => ground.sessionTarget(who, `${who}-last-${round}`, 0, true));
    await Promise.all(last.map((session) => session.start()));
    left = await settle(ground, { patienceMs: stillMs, without: [] });
    await Promise.all(last.map((session: Target) => session.child.stop(patienceMs)));
    if (left.length === 0) break;
  }
  // What the last session's end brought to light, and the receipts for it.
  for (const who of people) await (await ground.device(who)).close();
  left = await settle(ground, { patienceMs: 10_000, without: [] });
  return left.map((what) => `not settled: ${what}`);
}

/** Stops daemons and broker; answers which processes are left behind then. */
export async function endAll(ground: AgentsGround): Promise<string[]> {
  for (const pid of people.flatMap((who) => ground.daemonOf(who))) signal(pid, "SIGTERM");
  await until(patienceMs, () => people.every((who) => ground.daemonOf(who).length === 0));
  await ground.broker.child.stop(10_000);
  await until(patienceMs, () => processesOf(ground.folder).length === 0);
  return processesOf(ground.folder).map(({ command }) => `left behind: ${command}`);
}
