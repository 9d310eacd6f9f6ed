import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";

// A device in a process of its own, that is killed: shares a file, or fetches one, and says when it is done.
const [home = "", does = "", ...args] = process.argv.slice(2);
const device = await openDevice({ home, now: Date.now, random: systemRandom, defaultName: "x" });
if (does === "share") {
  const [path = "", to = ""] = args;
  console.log(JSON.stringify(await device.api.file.share({ path, to: [to] })));
} else {
  const [id = "", out = ""] = args;
  console.log(JSON.stringify(await device.api.file.get({ id, out })));
}
await device.close();
