import type { Handler } from "../../handler.ts";
import { changeClock } from "../../jobs/clock/change-clock.ts";

/** Stops the clock where it is; a clock that stands still goes on standing. */
export const pause: Handler<"clock.pause"> = (_input, ctx) =>
  changeClock((state) => ({ ...state, running: false, paused: "it was paused" }), ctx);
