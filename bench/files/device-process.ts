import { createInterface } from "node:readline";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";

// A device in a process of its own: shares a file or fetches one per line that it is told, and says how long that took.
const [home = "", name = "", invite = "", url = ""] = process.argv.slice(2);
const base = { home, now: Date.now, random: systemRandom, defaultName: name };
const device = await openDevice(url === "" ? base : { ...base, defaultBroker: url });
if (invite === "") await device.api.mesh.create({ name: "Bench" });
else await device.api.invite.claim({ invite });
const link = invite === "" ? (await device.api.invite.create({ uses: 10 })).link : "";
console.log(JSON.stringify({ link }));

for await (const line of createInterface({ input: process.stdin })) {
  const { path, id, out } = JSON.parse(line) as { path?: string; id?: string; out?: string };
  const began = performance.now();
  const done =
    path === undefined
      ? await device.api.file.get({ id: id ?? "", out: out ?? "", overwrite: true })
      : await device.api.file.share({ path });
  console.log(JSON.stringify({ id: done.id, ms: performance.now() - began }));
}
