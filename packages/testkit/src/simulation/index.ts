export { type Bug, bugs } from "./bugs.ts";
export { describeFailure } from "./describe.ts";
export { runSimulation, type SimulationResult } from "./run-simulation.ts";
export { type Course, playCourse, Tally } from "./tally.ts";
