import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { InProcessBus } from "../bus/in-process.ts";
import { RateLimit } from "../rate-limit.ts";
import { shareRates } from "./shared-rates.ts";

test("what one spends of a limit at one node is gone at the others, once its bucket is half empty", async () => {
  const hub = new InProcessBus();
  const heard = new EventEmitter();
  const ticks: (() => void)[] = [];
  const timer = {
    after: () => () => {},
    every: (_ms: number, run: () => void) => {
      ticks.push(run);
      return () => {};
    },
  };
  const [one, two] = [0, 1].map(() => new RateLimit({ perSecond: 1, burst: 10 }, () => 0));
  assert.ok(one && two);
  const ends = [one, two].map((limit) =>
    shareRates(new Map([["message", limit]]), { bus: hub.join(), timer }),
  );
  // Joined last, it hears last.
  hub.join().subscribe("nodes.rates", () => heard.emit("told"));
  const tell = async () => {
    const told = once(heard, "told");
    for (const tick of ticks) tick();
    await told;
  };

  for (let n = 0; n < 5; n += 1) one.take("half");
  for (let n = 0; n < 9; n += 1) one.take("much");
  await tell();
  two.take("half", 10);
  two.take("much", 6);
  assert.throws(() => two.take("much"), { code: "rate_limited" });
  await tell();
  assert.throws(() => one.take("much"), { code: "rate_limited" });
  one.take("other", 10);
  for (const end of ends) end();
});
