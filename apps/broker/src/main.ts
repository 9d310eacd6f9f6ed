import { runBroker } from "./process.ts";

await runBroker(process.argv.slice(2));
