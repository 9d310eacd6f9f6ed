import type { HookEntry } from "./plugins.ts";

/** What a handler answered, whichever kind it is: an http answer has no exit code of its own. */
export interface HookRun {
  readonly entry: HookEntry;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
  readonly durationMs: number;
}

/** What one hook's answer does. */
export interface HookEffect {
  readonly run: HookRun;
  /** text for the model: plain output where it counts, or `additionalContext` */
  readonly plain?: string;
  readonly context?: string;
  /** the event is blocked, or what was done is found fault with, for this reason */
  readonly block?: string;
  /** by exit code 2 and stderr, not by JSON */
  readonly byExit?: boolean;
  readonly deny?: string;
  readonly updatedOutput?: unknown;
}

interface Output {
  readonly decision?: string;
  readonly reason?: string;
  readonly hookSpecificOutput?: {
    readonly hookEventName?: string;
    readonly additionalContext?: string;
    readonly permissionDecision?: string;
    readonly permissionDecisionReason?: string;
    readonly updatedToolOutput?: unknown;
  };
}

const plainCounts = ["SessionStart", "UserPromptSubmit", "UserPromptExpansion"];
const blockable = ["PreToolUse", "UserPromptSubmit", "Stop", "PostToolBatch", "PreCompact"];
const faultFinding = ["PostToolUse", "PostToolUseFailure"];

function parseOutput(stdout: string): Output | undefined {
  if (!stdout.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(stdout) as Output;
  } catch {
    return undefined;
  }
}

/** The rules of exit codes and output. JSON counts whatever the exit code, except at 2, where stderr speaks. */
export function effectOf(event: string, run: HookRun): HookEffect {
  if (run.exit === 2) {
    const blocks = blockable.includes(event) || faultFinding.includes(event);
    return blocks ? { run, block: run.stderr.trim(), byExit: true } : { run };
  }
  const output = parseOutput(run.stdout);
  if (output === undefined) {
    const text = run.stdout.trim();
    const counts = run.exit === 0 && text !== "" && plainCounts.includes(event);
    return counts && !text.startsWith("{") ? { run, plain: text } : { run };
  }
  const own = output.hookSpecificOutput;
  const specific = own?.hookEventName === event ? own : undefined;
  const block = output.decision === "block" ? { block: output.reason ?? "" } : {};
  const denied = specific?.permissionDecision === "deny";
  return {
    run,
    ...block,
    ...(specific?.additionalContext ? { context: specific.additionalContext } : {}),
    ...(denied ? { deny: specific?.permissionDecisionReason ?? "" } : {}),
    ...(specific?.updatedToolOutput === undefined
      ? {}
      : { updatedOutput: specific.updatedToolOutput }),
  };
}
