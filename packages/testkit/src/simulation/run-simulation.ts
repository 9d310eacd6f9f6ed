import { ready } from "@claudemesh/crypto";
import { judge, type Verdict } from "../chaos/verdict.ts";
import type { Bug } from "./bugs.ts";
import { drainAll } from "./drain.ts";
import { bringFaults } from "./fault-schedule.ts";
import { Simulation, type SimulationOptions } from "./simulation.ts";

export interface SimulationResult extends Verdict {
  readonly seed: number;
  readonly bug: Bug | undefined;
  readonly tried: ReadonlyMap<string, number>;
  /** the same for the same seed, whatever the machine does besides */
  readonly hash: string;
  readonly trace: readonly string[];
  readonly virtualMs: number;
  readonly events: number;
}

const minute = 60_000;

/** One course from its seed: a mesh is founded, suffers, heals and settles, and is judged. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationResult> {
  await ready();
  const sim = new Simulation(options);
  try {
    const pending = await course(sim);
    const { trace, now: virtualMs, events } = sim.world;
    const { hash, lines } = trace;
    const verdict = judge(sim, pending);
    const isGood = verdict.isGood && sim.findings.length === 0;
    const findings = [...sim.findings, ...verdict.findings];
    const { seed, bug } = options;
    return {
      ...{ ...verdict, isGood, findings, seed, bug, tried: sim.tried },
      ...{ hash, trace: lines, virtualMs, events },
    };
  } finally {
    await sim.end();
  }
}

/** Answers what was left under way. Each part has its virtual time; one that takes longer is wedged, and a finding. */
async function course(sim: Simulation): Promise<readonly string[]> {
  const { world, random, machines } = sim;
  const within = async (what: string, ms: number, work: Promise<unknown>): Promise<boolean> => {
    const isDone = await world.passUntil(work, ms);
    if (isDone) await work;
    else sim.findings.push(`wedged: ${what} does not end within ${ms / minute} virtual minutes`);
    return isDone;
  };
  if (!(await within("founding", 5 * minute, sim.found()))) {
    throw new Error(`the mesh was not founded:\n${world.trace.lines.slice(-20).join("\n")}`);
  }
  for (const machine of machines.slice(0, -1)) machine.begin();
  const end = world.now + random.between(8_000, 30_000);
  const joining = world.pause(random.between(0, 10_000)).then(() => sim.joinLate());
  if (!(await within("a fault", 30 * minute, bringFaults(sim, end)))) return [];
  if (!(await within("the late join", 30 * minute, joining))) return [];
  for (const machine of machines) {
    machine.isEnding = true;
    if (!(await within(`${machine.name}'s day`, 30 * minute, machine.living))) return [];
  }
  const draining = drainAll(sim);
  if (!(await within("draining", 60 * minute, draining))) return [];
  for (const machine of machines) {
    await within(`closing at ${machine.name}`, minute, machine.stop());
  }
  await within("the broker's end", minute, sim.broker.stop());
  return draining;
}
