import type { ClockState, ClockTick, MeshId } from "@claudemesh/protocol";
import { ClockTick as ClockTickEvent } from "@claudemesh/protocol";
import type { JobRow } from "../../store/jobs-port.ts";
import type { JobParts } from "../context.ts";
import { clockId, clockOf, intervalOf, tickMs } from "./clock-job.ts";

/** What other nodes are told of ticks by. */
export const clockSubject = "clock";
/** how long a node where somebody listens has to tick before another takes it that nobody is there */
const nobodyMs = 3_000;
/** why a clock stands still until somebody is there again */
const nobody = "nobody is here";

/** One tick, by whichever node writes it first; only a node on which somebody listens ticks. When nobody does anywhere, the clock stands still until somebody does. */
export async function runClock(job: JobRow, parts: JobParts): Promise<number | undefined> {
  const { connections, now, store } = parts;
  const at = now();
  const dueAt = job.dueAt ?? at;
  const state = clockOf(job, at);
  const interval = intervalOf(state);
  const isHeard = connections.isIn(job.mesh);
  if (!isHeard && at - dueAt < nobodyMs) return dueAt + nobodyMs;
  const next: ClockState = isHeard
    ? { ...state, tick: state.tick + 1, time: state.time + tickMs }
    : { ...state, running: false, paused: nobody };
  // What was missed is not made up for: the time between is the simulation's own.
  const nextAt = isHeard ? Math.max(dueAt + interval, at) : null;
  const outcome = await store.write.settleJob({
    mesh: job.mesh,
    id: job.id,
    dueAt: job.dueAt,
    next: { dueAt: nextAt, state: JSON.stringify(next) },
    entries: [],
    at,
  });
  if (outcome === "settled") tellTick(job.mesh, next, parts);
  return undefined;
}

/** Lets a clock run on that stood still because nobody was there; answers when it ticks next, undefined where there is no such clock. */
export async function wakeClock(
  mesh: MeshId,
  parts: Pick<JobParts, "bus" | "connections" | "now" | "store">,
): Promise<number | undefined> {
  const job = await parts.store.read.job(clockId(mesh));
  const at = parts.now();
  if (job === undefined) return undefined;
  const { paused, ...state } = clockOf(job, at);
  if (paused !== nobody) return undefined;
  const next: ClockState = { ...state, running: true };
  const dueAt = at + intervalOf(next);
  const outcome = await parts.store.write.settleJob({
    ...{ mesh, id: job.id, dueAt: job.dueAt, was: job.state, entries: [], at },
    next: { dueAt, state: JSON.stringify(next) },
  });
  if (outcome !== "settled") return undefined;
  tellTick(mesh, next, parts);
  return dueAt;
}

/** Tells a clock's state to everyone of its mesh who is there, on every node. */
export function tellTick(
  mesh: MeshId,
  clock: ClockState,
  { bus, connections }: Pick<JobParts, "bus" | "connections">,
): void {
  const event: ClockTick = { type: "event", kind: "clock_tick", clock };
  connections.tellHere(mesh, event);
  bus.publish(`${mesh}.${clockSubject}`, JSON.stringify(event));
}

/** Takes in ticks of other nodes, and says where one took it that nobody is there while somebody is here; answers a function that ends it. */
export const hearTicks = (
  { bus, connections, log }: JobParts,
  isHere: (mesh: MeshId) => void,
): (() => void) =>
  bus.subscribe(`*.${clockSubject}`, (payload, subject) => {
    try {
      const mesh = subject.slice(0, subject.indexOf(".")) as MeshId;
      const tick = ClockTickEvent.parse(JSON.parse(payload));
      connections.tellHere(mesh, tick);
      if (tick.clock.paused === nobody && connections.isIn(mesh)) isHere(mesh);
    } catch (cause) {
      log.warn("a tick cannot be read", { cause });
    }
  });
