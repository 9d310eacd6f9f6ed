import type { Handler } from "../../handler.ts";
import { clockId, clockOf } from "../../jobs/clock/clock-job.ts";

/** The mesh's clock as it stands. */
export const get: Handler<"clock.get"> = async (_input, { actor, now, store }) =>
  clockOf(await store.read.job(clockId(actor.mesh)), now());
