import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { sayLine } from "../../packages/testkit/src/say-line.ts";

/** Runs verbs on a home until it is killed: `send` says each text that was taken, `inbox` each message that it shows. */
const [kind, home = "", name = ""] = process.argv.slice(2);
const say = (line: unknown) => sayLine(JSON.stringify(line));

for (let i = 0; ; i++) {
  const device = await openDevice({ home, now: Date.now, random: systemRandom, defaultName: "x" });
  if (kind === "send") {
    const text = `${name} ${i}`;
    const { state } = await device.api.message.send({ to: "bob", text });
    say({ text, state });
  } else {
    const { items } = await device.api.message.inbox({ limit: 3, wait: "1s" });
    for (const { text, again } of items) say({ text, again });
    await device.confirmHandOver();
  }
  await device.close();
}
