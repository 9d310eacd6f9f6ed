export { Agent, type Exit } from "./agent.ts";
export { claudeBinary, withoutClaude } from "./claude-binary.ts";
export type { AgentKind } from "./command-line.ts";
export { runScenario, type ScenarioResult } from "./run-scenario.ts";
export { bash, holdOpen, type Scenario, say, type Turn, use } from "./scenario.ts";
export { type ModelRequest, newIn, seenBy } from "./stage/model-request.ts";
export { withoutTerminal } from "./terminal-agent.ts";
