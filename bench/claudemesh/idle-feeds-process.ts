// Founds a mesh at the broker given, opens so many feeds there, says so, and keeps them until it is told to end.
import { ready } from "@claudemesh/crypto";
import { found } from "@claudemesh/testkit";
import { openFeeds } from "./idle-feeds.ts";

const [url = "", feeds = "0"] = process.argv.slice(2);
process.on("SIGTERM", () => process.exit(0));
await ready();
await openFeeds(await found(url, "alice"), Number(feeds));
console.log(JSON.stringify({ feeds: Number(feeds) }));
