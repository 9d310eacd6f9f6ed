export { describeResult } from "./describe.ts";
export { type ChaosOptions, type ChaosResult, runChaos } from "./run-chaos.ts";
