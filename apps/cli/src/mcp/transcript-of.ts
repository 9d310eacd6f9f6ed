import { join } from "node:path";

/** Folder names longer than this the agent shortens by a rule of its own. */
const mostFolderChars = 200;

interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly userFolder: string;
}

/** Where Claude Code most likely writes a session's transcript. Hooks name the place; this serves where none are installed. Nothing where the place cannot be told. */
export function transcriptOf(
  { env, cwd, userFolder }: Place,
  agentSession: string,
): { readonly transcript?: string } {
  if (env.CLAUDE_CODE_SESSION_ID === undefined) return {};
  if (!/^[\w-]{1,100}$/.test(agentSession)) return {};
  const config = env.CLAUDE_CONFIG_DIR || join(userFolder, ".claude");
  const folder = (env.CLAUDE_PROJECT_DIR ?? cwd).replaceAll(/[^a-zA-Z0-9]/g, "-");
  if (folder.length > mostFolderChars) return {};
  return { transcript: join(config, "projects", folder, `${agentSession}.jsonl`) };
}
