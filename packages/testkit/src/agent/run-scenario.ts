import { Agent, type Exit } from "./agent.ts";
import type { AgentKind } from "./command-line.ts";
import type { Scenario } from "./scenario.ts";
import type { ModelRequest } from "./stage/model-request.ts";
import type { HookEvent } from "./stage/stage.ts";

export interface ScenarioResult {
  /** what the model saw, request by request: the n-th was answered with turn n */
  readonly requests: readonly ModelRequest[];
  /** what the hooks were given, in the order in which it came */
  readonly hooks: readonly HookEvent[];
  readonly transcriptPath: string;
  readonly transcript: readonly Record<string, unknown>[];
  readonly session: string;
  readonly exit: Exit;
}

/**
 * Plays a scenario to its end: starts the agent, runs `meanwhile` beside it, waits until the script is through,
 * lets the agent leave. Throws when the agent asked for more turns than the script has.
 */
export async function runScenario(
  kind: AgentKind,
  scenario: Scenario,
  meanwhile: (agent: Agent) => Promise<void> = async () => undefined,
): Promise<ScenarioResult> {
  await using agent = await Agent.start(kind, scenario);
  try {
    await meanwhile(agent);
    await agent.finished();
    const exit = await agent.leave();
    return {
      requests: agent.model.requests.items,
      hooks: agent.stage.hooks.items,
      transcriptPath: agent.transcriptPath,
      transcript: agent.transcript(),
      session: agent.session,
      exit,
    };
  } catch (error) {
    const output = (await agent.process.output()).slice(-4000);
    throw new Error(`${kind} agent: ${(error as Error).message}\n${output}`, { cause: error });
  }
}
