import { join } from "node:path";

export interface ToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One answer of the scripted model: text, tools to use, or both. Without tools the agent's turn ends. */
export interface Turn {
  readonly say?: string;
  readonly tools?: readonly ToolUse[];
  /** the name of a gate that must be open before the model answers */
  readonly after?: string;
}

export type PermissionMode = "default" | "acceptEdits" | "bypassPermissions";

/** What an agent is started with and what its model answers; the same data for the real agent and the fake. */
export interface Scenario {
  readonly turns: readonly Turn[];
  /** what the person types first; without it the agent starts idle */
  readonly prompt?: string;
  /** "stream": long-lived print mode over pipes, the usual. "terminal": interactive, in tmux. */
  readonly mode?: "stream" | "terminal";
  /** folders loaded with `--plugin-dir` */
  readonly plugins?: readonly string[];
  /** merged with what the harness itself sets, `hooks` event by event */
  readonly settings?: Settings;
  readonly permissionMode?: PermissionMode;
  readonly env?: Readonly<Record<string, string>>;
  /** switches of the fake that the real one has no way to set; a scenario that uses one runs on the fake only */
  readonly fake?: { readonly channels?: boolean; readonly doubleSpawn?: boolean };
}

export interface Settings {
  readonly hooks?: Readonly<Record<string, readonly unknown[]>>;
  readonly [key: string]: unknown;
}

/** A turn of text alone, which ends the agent's turn. */
export const say = (text: string, after?: string): Turn =>
  after === undefined ? { say: text } : { say: text, after };

/** A turn that runs one shell command. */
export const bash = (command: string): Turn => ({
  tools: [{ name: "Bash", input: { command, description: "a step of the scenario" } }],
});

/** A turn that uses one tool, such as `mcp__plugin_tiny_srv__ping`. */
export const use = (name: string, input: ToolUse["input"] = {}): Turn => ({
  tools: [{ name, input }],
});

/** A turn whose tool runs until the test closes the window of that name, and then prints that name. */
export const holdOpen = (name: string): Turn =>
  bash(`"${process.execPath}" "${join(import.meta.dirname, "stage/window-process.ts")}" ${name}`);
