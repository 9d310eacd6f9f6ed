// Founds a mesh at the broker given, opens so many feeds of its members there, says so, and keeps them until it is told to end.
import { ready } from "@claudemesh/crypto";
import { found, join } from "@claudemesh/testkit";
import { openFeeds } from "./idle-feeds.ts";

/** Devices of one member, which all hear of each new one. */
const perMember = 50;

const [url = "", text = "0"] = process.argv.slice(2);
const feeds = Number(text);
process.on("SIGTERM", () => process.exit(0));
await ready();
const owner = await found(url, "alice");
const members = [owner];
while (members.length * perMember < feeds) {
  members.push(await join(owner, `member ${members.length}`));
}
let left = feeds;
for (const member of members) {
  await openFeeds(member, Math.min(perMember, left));
  left -= Math.min(perMember, left);
}
console.log(JSON.stringify({ feeds }));
