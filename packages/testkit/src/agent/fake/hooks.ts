import { randomUUID } from "node:crypto";
import { capText } from "./cap-text.ts";
import { effectOf, type HookEffect } from "./hook-output.ts";
import { commandText, runHook } from "./hook-runner.ts";
import type { Identity } from "./identity.ts";
import type { McpServer } from "./mcp-server.ts";
import type { HookEntry } from "./plugins.ts";
import type { Transcript } from "./transcript.ts";

export interface HooksOptions {
  readonly identity: Identity;
  readonly entries: ReadonlyMap<string, readonly HookEntry[]>;
  readonly servers: () => readonly McpServer[];
  readonly transcript: Transcript;
}

/** Whether a matcher names this subject: all, exact names, or an unanchored expression. */
export function matches(matcher: string | undefined, subject: string): boolean {
  if (matcher === undefined || matcher === "" || matcher === "*") return true;
  if (/^[\w\-, |]+$/.test(matcher)) {
    return matcher.split(/[|,]/).some((name) => name.trim() === subject);
  }
  return new RegExp(matcher).test(subject);
}

const noMatcher = ["UserPromptSubmit", "PostToolBatch", "Stop"];
const notAtStart = (event: string, entry: HookEntry) =>
  event === "SessionStart" && entry.handler.type === "http";

/** What all hooks of one event did together. */
export interface Fired {
  readonly effects: readonly HookEffect[];
  /** lines for the model, in the order of the hooks */
  readonly lines: readonly string[];
  /** the first reason to block, of whatever kind */
  readonly block: string | undefined;
}

/** Fires events: matching hooks run in parallel, identical ones once, and the transcript says what each did. */
export class Hooks {
  readonly #options: HooksOptions;
  /** the turn that runs, named to every hook in it */
  prompt: string | undefined;

  constructor(options: HooksOptions) {
    this.#options = options;
  }

  async fire(event: string, subject: string, fields: object): Promise<Fired> {
    const { identity, servers } = this.#options;
    const input = { ...this.#common(event), hook_event_name: event, ...fields };
    const runs = this.#matching(event, subject).map((entry) =>
      runHook(entry, input, identity, servers()),
    );
    const effects = (await Promise.all(runs)).map((run) => effectOf(event, run));
    const tool = event.includes("ToolUse") ? `${event}:${subject}` : event;
    const start = event === "SessionStart" ? `${event}:${subject}` : event;
    const id = randomUUID();
    const lines = effects.flatMap((effect) => {
      const found = [
        ...(effect.plain === undefined ? [] : [`${start} hook success: ${effect.plain}`]),
        ...this.#fault(event, tool, effect),
        ...this.#context(event, tool, id, effect),
      ];
      this.#record(event, id, effect, found);
      return found;
    });
    const blocking = effects.find((effect) => effect.block !== undefined);
    const block = blocking && this.#reason(blocking);
    return { effects, lines, block };
  }

  #matching(event: string, subject: string): readonly HookEntry[] {
    const seen = new Set<string>();
    return (this.#options.entries.get(event) ?? []).filter((entry) => {
      const key = JSON.stringify([entry.handler, entry.plugin?.root]);
      if (notAtStart(event, entry) || seen.has(key)) return false;
      seen.add(key);
      return noMatcher.includes(event) || matches(entry.matcher, subject);
    });
  }

  #common(event: string): object {
    const { identity } = this.#options;
    const edges = event === "SessionStart" || event === "SessionEnd";
    return {
      session_id: identity.session,
      transcript_path: identity.transcript,
      cwd: identity.cwd,
      ...(this.prompt === undefined || event === "SessionStart" ? {} : { prompt_id: this.prompt }),
      ...(edges ? {} : { permission_mode: identity.permissionMode }),
      ...(/Tool|^Stop$/.test(event) ? { effort: { level: "medium" } } : {}),
    };
  }

  /** Why a hook blocks: its own words, and by exit code also whose they are. */
  #reason({ run, block = "", byExit }: HookEffect): string {
    const { plugin } = run.entry;
    const from = plugin ? `\nThis hook comes from the ${plugin.name}@inline plugin.` : "";
    return byExit ? `[${commandText(run.entry, true)}]: ${block}${from}` : block;
  }

  /** What the model is told of a hook that found fault. At Stop it is told beside the feedback. */
  #fault(event: string, name: string, effect: HookEffect): readonly string[] {
    if (effect.block === undefined || !/^(?:PostToolUse|Stop)/.test(event)) return [];
    const command = commandText(effect.run.entry, effect.byExit === true);
    return [`${name} hook blocking error from command: "${command}": ${this.#reason(effect)}`];
  }

  #context(event: string, name: string, id: string, effect: HookEffect): readonly string[] {
    if (effect.context === undefined) return [];
    const capped = capText(effect.context, this.#options.identity, `hook-${id}-${event}`);
    return [`${name} hook additional context: ${capped}`];
  }

  #record(event: string, id: string, effect: HookEffect, lines: readonly string[]): void {
    const { transcript } = this.#options;
    const { run, context } = effect;
    const shared = { hookName: event, toolUseID: id, hookEvent: event };
    const command = commandText(run.entry, false);
    const said = { stdout: run.stdout, stderr: run.stderr, exitCode: run.exit, command };
    transcript.attachment({
      type: "hook_success",
      ...shared,
      content: effect.plain ?? "",
      ...said,
    });
    if (context === undefined) return;
    transcript.attachment(
      { type: "hook_additional_context", content: [context], ...shared },
      lines.join("\n"),
    );
  }
}
