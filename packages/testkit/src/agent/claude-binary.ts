import { existsSync } from "node:fs";
import { join } from "node:path";

/** The release that the fact sheet was measured with, and that the fake copies. */
export const claudeVersion = "2.1.329";

const checkout = join(import.meta.dirname, "../../../..");

/** Where `npm run fetch:claude` puts the release: a folder that git does not track. */
export const claudeFolder = join(
  checkout,
  "node_modules/.cache/claudemesh",
  `claude-code-${claudeVersion}`,
);

/** The real binary of that release, or undefined when nobody has fetched it. */
export function claudeBinary(): string | undefined {
  const path = join(claudeFolder, "claude");
  return existsSync(path) ? path : undefined;
}

/** Why a test with the real binary cannot run here, or false: what `node:test` wants in `skip`. */
export const withoutClaude = (): string | false =>
  claudeBinary() === undefined && `Claude Code ${claudeVersion} is not here: npm run fetch:claude`;
