import type { Handler } from "../../handler.ts";
import { changeClock } from "../../jobs/clock/change-clock.ts";

/** Sets speed and, where it is given, the simulated time, and lets the clock run. */
export const set: Handler<"clock.set"> = ({ speed, time }, ctx) =>
  changeClock(
    ({ paused: _paused, ...state }) => ({
      ...state,
      running: true,
      speed,
      time: time ?? state.time,
    }),
    ctx,
  );
