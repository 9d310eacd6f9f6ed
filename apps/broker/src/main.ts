import { leanHeap } from "./lean-heap.ts";

leanHeap();
const { runBroker } = await import("./process.ts");
await runBroker(process.argv.slice(2));
