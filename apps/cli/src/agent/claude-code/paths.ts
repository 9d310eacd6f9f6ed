import { join } from "node:path";
import type { Host } from "../../host.ts";

/** Claude Code's own files, as far as an installation touches them. */
export interface ClaudePaths {
  readonly config: string;
  readonly settings: string;
  /** MCP servers of the user, beside much that is Claude Code's own */
  readonly state: string;
  readonly skills: string;
  readonly marketplaces: string;
  readonly plugins: string;
}

/** Where Claude Code keeps its files: CLAUDE_CONFIG_DIR, else `~/.claude` with `~/.claude.json` beside it. */
export function claudePaths({ env, userFolder }: Host): ClaudePaths {
  const own = env.CLAUDE_CONFIG_DIR;
  const config = own || join(userFolder, ".claude");
  return {
    config,
    settings: join(config, "settings.json"),
    state: join(own || userFolder, ".claude.json"),
    skills: join(config, "skills"),
    marketplaces: join(config, "plugins", "known_marketplaces.json"),
    plugins: join(config, "plugins", "installed_plugins.json"),
  };
}
