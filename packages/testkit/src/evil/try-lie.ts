import type { Lie, Seen } from "./lie.ts";
import type { Stage } from "./stage.ts";

/** The same scene three times: at an honest broker, at a lying one, and at the same one when it has stopped. */
export interface Tried {
  readonly before: Seen;
  readonly during: Seen;
  /** missing where the lie lasts */
  readonly after: Seen | undefined;
}

/** Plays a lie's scene without it, with it, and without it again. */
export async function tryLie(stage: Stage, lie: Lie): Promise<Tried> {
  const before = await lie.scene.play(stage);
  await lie.begin(stage);
  let during: Seen;
  try {
    during = await lie.scene.play(stage);
  } finally {
    stage.broker.honest();
  }
  if (lie.putOffMs !== undefined) stage.forward(lie.putOffMs);
  const after = lie.lasting === undefined ? await lie.scene.play(stage) : undefined;
  return { before, during, after };
}
