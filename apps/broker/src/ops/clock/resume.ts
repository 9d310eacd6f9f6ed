import type { Handler } from "../../handler.ts";
import { changeClock } from "../../jobs/clock/change-clock.ts";

/** Lets the clock run on from where it stands. */
export const resume: Handler<"clock.resume"> = (_input, ctx) =>
  changeClock(({ paused: _paused, ...state }) => ({ ...state, running: true }), ctx);
