export { describeAgentsResult } from "./describe.ts";
export {
  type AgentsChaosOptions,
  type AgentsChaosResult,
  runAgentsChaos,
} from "./run-agents-chaos.ts";
