import type { ClockState } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../../handler.ts";
import { clockId, clockOf, intervalOf, newClock } from "./clock-job.ts";
import { tellTick } from "./run-clock.ts";

type Context = MemberContext & Pick<Services, "bus" | "connections" | "jobs" | "now" | "store">;

/** how often a change is made anew that a tick came before */
const tries = 20;

/** Changes the mesh's clock between two ticks, and tells everyone how it stands. */
export async function changeClock(
  change: (state: ClockState) => ClockState,
  ctx: Context,
): Promise<ClockState> {
  const { actor, jobs, now, store } = ctx;
  const { mesh } = actor;
  for (let left = tries; left > 0; left--) {
    const at = now();
    const row = await store.read.job(clockId(mesh));
    const before = clockOf(row, at);
    const state = change(before);
    const dueAt = state.running ? dueOf(row?.dueAt ?? null, before, state, at) : null;
    const isMade =
      row === undefined
        ? (await store.write.putJob({
            ...newClock(mesh, actor.member, state, at),
            most: 1,
            at,
          })) === "kept"
        : (await store.write.settleJob({
            ...{ mesh, id: row.id, dueAt: row.dueAt, entries: [], at },
            next: { dueAt, state: JSON.stringify(state) },
          })) === "settled";
    if (!isMade) continue;
    jobs.kept({ lane: "clock", dueAt: dueAt ?? (state.running ? at + intervalOf(state) : null) });
    tellTick(mesh, state, ctx);
    return state;
  }
  throw new Error("the clock changes faster than it can be set");
}

/** The next tick stays where it is unless the speed changes. */
const dueOf = (due: number | null, before: ClockState, state: ClockState, at: number): number =>
  due !== null && before.speed === state.speed ? due : at + intervalOf(state);
