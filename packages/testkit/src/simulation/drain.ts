import { auditHome } from "../chaos/audit.ts";
import { alarmOf, readSome } from "../chaos/device-verbs.ts";
import type { Machine } from "./machine.ts";
import { confirmShown, verbsOf } from "./member.ts";
import type { Simulation } from "./simulation.ts";

/** By then everything has to be settled, however bad the faults were: virtual time. */
const limitMs = 30 * 60_000;
const roundMs = 10_000;

/** Everyone reads and sends, without faults, until nothing is under way. Answers what still is when that took too long. */
export async function drainAll(sim: Simulation): Promise<readonly string[]> {
  const deadline = sim.world.now + limitMs;
  let quiet = 0;
  for (let round = 1; ; round++) {
    for (const machine of sim.machines) await drainOne(sim, machine);
    const pending = pendingOf(sim);
    quiet = pending.length === 0 ? quiet + 1 : 0;
    // What the last ones sent in a quiet round, receipts above all, is taken in the next; and the receipts of that in one more.
    if (quiet >= 3) return [];
    if (sim.world.now > deadline || (sim.bug !== undefined && round >= 4)) return pending;
    if (round > 3 && quiet === 0) await sim.world.pause(roundMs);
  }
}

const pendingOf = (sim: Simulation): string[] =>
  sim.names.flatMap((name) =>
    Object.entries(auditHome(sim.home(name)).pending)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${name}: ${count} ${what}`),
  );

async function drainOne(sim: Simulation, machine: Machine): Promise<void> {
  const { run } = machine;
  if (run === undefined) throw new Error(`${machine.name} does not run`);
  const verbs = {
    ...verbsOf(run, {
      say: (process, said) => sim.take(process, said),
      random: sim.random,
      bug: sim.bug,
    }),
    look: async () => {},
  };
  try {
    await confirmShown(run, sim);
    await run.device.drain();
    while ((await readSome(verbs)).shown > 0) if (sim.bug === "skip-confirm") break;
  } catch (error) {
    const alarm = alarmOf(error);
    if (alarm !== undefined) sim.take(run.process.name, alarm);
  }
}
