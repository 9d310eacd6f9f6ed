import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";

/** Joins in a process of its own, verifies about half of the roster behind the join, says so, and stands still until it is killed. */
const [home = "", broker = "", invite = "", half = "0"] = process.argv.slice(2);
let isHalfWay = false;
const device = await openDevice({
  home,
  now: Date.now,
  random: systemRandom,
  defaultName: "carol",
  timer: (ms, fn) => {
    if (ms === 0 && isHalfWay) return () => {};
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  },
});
await device.api.invite.claim({ invite, broker });
for (;;) {
  const [mesh] = (await device.api.mesh.list({})).items;
  if ((mesh?.rosterCheck?.verified ?? 0) >= Number(half)) break;
  await new Promise((resolve) => setImmediate(resolve));
}
isHalfWay = true;
console.log("half way");
setInterval(() => {}, 60_000);
