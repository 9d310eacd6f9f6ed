import { verbFailpoints } from "../chaos/device-verbs.ts";
import { brokerFailpoints } from "../faults/broker-failpoints.ts";
import { lineFailpoints } from "../faults/line-failpoints.ts";
import type { Seeded } from "../faults/seeded.ts";
import type { Machine } from "./machine.ts";
import type { Simulation } from "./simulation.ts";

interface Stage {
  readonly sim: Simulation;
  readonly random: Seeded;
}

/** A fault from its beginning to the moment when what it harmed works again. */
type Fault = (stage: Stage) => Promise<void>;
type MachineFault = (stage: Stage, machine: Machine) => Promise<void>;

const minute = 60_000;
/** Where a device can be made to die: at its frames, at what its reader does, and wherever it reads the clock, draws a number or wakes up. */
const deviceTraps = [...lineFailpoints, ...verbFailpoints, "now", "random", "timer"];
const oftenPassed = new Set(["now", "random", "timer"]);

async function dieAndReturn(
  { sim, random }: Stage,
  machine: Machine,
  power: boolean,
): Promise<void> {
  machine.kill(power);
  await sim.world.pause(random.between(0, 5_000));
  await machine.resume();
}

const machineFaults: Readonly<Record<string, MachineFault>> = {
  "device killed": (stage, machine) => dieAndReturn(stage, machine, false),
  "device loses power": (stage, machine) => dieAndReturn(stage, machine, true),
  "device killed at a point": async (stage, machine) => {
    const { sim, random } = stage;
    const name = random.pick(deviceTraps);
    const died = Promise.withResolvers<void>();
    const power = random.chance(0.3);
    machine.trap.set(name, random.between(1, oftenPassed.has(name) ? 150 : 8), () => {
      sim.count(`device killed at ${name}`);
      machine.kill(power);
      died.resolve();
    });
    await Promise.race([died.promise, sim.world.pause(random.between(5_000, 20_000))]);
    machine.trap.clear();
    await dieAndReturn(stage, machine, power);
  },
  "device restarts": async ({ sim, random }, machine) => {
    await machine.stop();
    await sim.world.pause(random.between(0, 2_000));
    await machine.resume();
  },
  "device's clock jumps": async ({ sim, random }, machine) => {
    sim.explained.add("clock_skew");
    machine.setClock(random.between(-10, 10) * random.between(1, minute));
    await sim.world.pause(random.between(1_000, 15_000));
    machine.setClock(0);
  },
  "device's disk is full": async ({ sim, random }, machine) => {
    sim.explained.add("disk_full");
    machine.setFull(true);
    await sim.world.pause(random.between(1_000, 10_000));
    machine.setFull(false);
  },
  "network cut": async ({ sim }, machine) => sim.network.cut(machine.name),
  "network slow": harm((random) => ({
    delayMs: random.between(50, 1_500),
    jitterMs: random.between(0, 1_500),
  })),
  "network narrow": harm((random) => ({ bytesPerSecond: random.between(500, 20_000) })),
  "network stalls": harm(() => ({ stalled: true })),
  "network half-open": harm(() => ({ silent: true })),
  "network refuses": harm(() => ({ refused: true })),
  "network repeats": async ({ sim, random }, machine) => {
    machine.repeats = 0.5;
    await sim.world.pause(random.between(3_000, 15_000));
    machine.repeats = 0;
  },
};

function harm(of: (random: Seeded) => Parameters<Simulation["network"]["harm"]>[1]): MachineFault {
  return async ({ sim, random }, { name }) => {
    sim.network.harm(name, of(random));
    if (random.chance(0.3)) sim.network.cut(name);
    await sim.world.pause(random.between(500, 30_000));
    sim.network.heal(name);
  };
}

async function brokerReturns({ sim, random }: Stage): Promise<void> {
  await sim.world.pause(random.between(0, 5_000));
  await sim.broker.start();
}

const brokerFaults: Readonly<Record<string, Fault>> = {
  "broker killed": async (stage) => {
    stage.sim.broker.kill(false);
    await brokerReturns(stage);
  },
  "broker loses power": async (stage) => {
    stage.sim.broker.kill(true);
    await brokerReturns(stage);
  },
  "broker killed at a point": async (stage) => {
    const { sim, random } = stage;
    const died = Promise.withResolvers<void>();
    const power = random.chance(0.5);
    const name = random.pick(brokerFailpoints);
    sim.broker.trap.set(name, random.between(1, 6), () => {
      sim.count(`broker killed at ${name}`);
      sim.broker.kill(power);
      died.resolve();
    });
    await Promise.race([died.promise, sim.world.pause(random.between(5_000, 20_000))]);
    sim.broker.trap.clear();
    sim.broker.kill(power);
    await brokerReturns(stage);
  },
  "broker restarts": async (stage) => {
    await stage.sim.broker.stop();
    await brokerReturns(stage);
  },
  "broker's clock jumps": async ({ sim, random }) => {
    sim.explained.add("clock_skew");
    sim.broker.setClock(random.between(-10, 10) * random.between(1, minute));
    await sim.world.pause(random.between(1_000, 15_000));
    sim.broker.setClock(0);
  },
  "broker's disk is full": async ({ sim, random }) => {
    sim.explained.add("disk_full");
    sim.broker.setFull(true);
    await sim.world.pause(random.between(1_000, 10_000));
    sim.broker.setFull(false);
  },
};

/** Brings faults over everything until `untilMs`: at most one at a time on each machine. Settles when all of it works again. */
export async function bringFaults(sim: Simulation, untilMs: number): Promise<void> {
  const random = sim.random.fork();
  const busy = new Set<string>();
  const underWay: Promise<void>[] = [];
  const begin = (where: string, name: string, fault: () => Promise<void>): void => {
    busy.add(where);
    sim.count(name);
    sim.world.note(`fault: ${name} (${where})`);
    underWay.push(fault().finally(() => busy.delete(where)));
  };
  while (sim.world.now < untilMs) {
    await sim.world.pause(random.between(0, 2_500));
    const stage = { sim, random: random.fork() };
    if (random.chance(0.35)) {
      if (busy.has("broker")) continue;
      const [name, fault] = random.pick(Object.entries(brokerFaults));
      begin("broker", name, () => fault(stage));
    } else {
      const machine = random.pick(sim.machines);
      if (busy.has(machine.name) || machine.run === undefined || !sim.has(machine.name)) continue;
      const [name, fault] = random.pick(Object.entries(machineFaults));
      begin(machine.name, name, () => fault(stage, machine));
    }
  }
  await Promise.all(underWay);
}
