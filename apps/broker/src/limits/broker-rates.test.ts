import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { InProcessBus } from "../bus/in-process.ts";
import { loadConfig } from "../config/load.ts";
import { brokerRates } from "./broker-rates.ts";

test("what a webhook, an invite or a member spends at one node is spent at the others", async () => {
  const hub = new InProcessBus();
  const heard = new EventEmitter();
  const ticks: (() => void)[] = [];
  const every = (_ms: number, run: () => void) => {
    ticks.push(run);
    return () => {};
  };
  const timer = { after: () => () => {}, every };
  const [one, two] = [0, 1].map(() => {
    // Between processes, as far as the rates can tell.
    const bus = Object.defineProperty(hub.join(), "kind", { value: "nats" });
    return brokerRates(loadConfig(), { now: () => 0, bus, timer });
  });
  assert.ok(one && two);
  // Joined last, it hears last.
  hub.join().subscribe("nodes.rates", () => heard.emit("told"));
  const shared = ({ classes, hooks, joins, own, receipts }: typeof one) =>
    Object.entries({ ...classes, hooks, joins, receipts, ...Object.fromEntries(own) });

  for (const [, limit] of shared(one)) taken(limit, "who");
  const told = once(heard, "told");
  for (const tick of ticks) tick();
  await told;
  for (const [name, limit] of shared(two)) {
    // What is spent of the first half is not told.
    const whole = taken(limit, "another");
    assert.equal(taken(limit, "who"), Math.floor(whole / 2), name);
  }
});

/** Takes until nothing is left, and answers how often it could. */
function taken(limit: { take(subject: string): void }, subject: string): number {
  for (let times = 0; ; times += 1) {
    try {
      limit.take(subject);
    } catch {
      return times;
    }
  }
}
