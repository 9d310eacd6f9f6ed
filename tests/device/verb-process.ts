import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { sayLine } from "../../packages/testkit/src/say-line.ts";

/** Runs verbs on a home until it is killed: `send` says each accepted text on a line, `inbox` each message it shows. */
const [kind, home = ""] = process.argv.slice(2);

for (let i = 0; ; i++) {
  const device = await openDevice({ home, now: Date.now, random: systemRandom, defaultName: "x" });
  if (kind === "send") {
    const text = `${process.pid} ${i}`;
    const { state } = await device.api.message.send({ to: "bob", text });
    if (state === "accepted") sayLine(text);
  } else {
    const { items } = await device.api.message.inbox({ limit: 2 });
    for (const { text, again } of items) sayLine(JSON.stringify({ text, again }));
    await device.confirmHandOver();
  }
  await device.close();
}
