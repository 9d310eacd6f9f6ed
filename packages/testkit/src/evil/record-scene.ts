import type { Scene } from "./lie.ts";
import { Sight } from "./sight.ts";

/** Alice sets a key of the shared state twice; bob reads it after each time and once more, then looks at his inbox. */
export const readingState: Scene = {
  honest: { value: "as written", proof: "signed" },
  async play(stage) {
    const { alice, bob, mesh } = stage;
    const sight = new Sight(stage);
    const key = "plan";
    const read = () => sight.of(() => bob.api.state.get({ mesh, key }));
    await sight.of(() => alice.api.state.set({ mesh, key, value: stage.text() }));
    await read();
    const last = stage.text();
    await sight.of(() => alice.api.state.set({ mesh, key, value: last }));
    await read();
    // What was seen in the very millisecond of the next question may have come meanwhile, and raises no alarm.
    const seen = Date.now();
    while (Date.now() === seen) await new Promise(setImmediate);
    const found = await read();
    await sight.inboxOf(bob);
    return sight.seen({
      value: found === undefined ? "none" : found.value === last ? "as written" : "another",
      proof: found?.author.proof ?? "none",
    });
  },
};
