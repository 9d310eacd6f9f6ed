// Fetches the real Claude Code, which the agent tests run under a scripted model: `npm run fetch:claude`.
import {
  claudeBinary,
  claudeFolder,
  claudeVersion,
} from "../packages/testkit/src/agent/claude-binary.ts";
import { fetchPackage } from "./fetch-package.ts";

/**
 * The platform packages of `@anthropic-ai/claude-code`, with the registry's integrity. The package itself only
 * finds and starts the binary of its platform package, so the binary alone is fetched.
 */
const integrity: Readonly<Record<string, string>> = {
  "linux-x64":
    "sha512-+n4lu1ubYAp02Y0X/MAUnxw9yY6SHHZ77F+IoW+V0wVoFuiI9opdH6gofjf14gXJCEYMTNpks7Gn1i8XZTKAWA==",
  "linux-arm64":
    "sha512-IiG5umFToSCVWqB1lEsxxwIxKgxPXyZ3DRU915v8J4Bz5Q3JpslM0ew1m5yaT+lFXBPvYxmsEgi0XI68XHND0A==",
  "darwin-arm64":
    "sha512-brgS94FOoB+ekq1gIeNpBtGAbzWxE1UEeBQWfk1KX1BStrMIxwWXriPfQLKEkFTWHpmGXv2fZxxMQJsR+5PhZw==",
  "darwin-x64":
    "sha512-6cjJiD19yxOzdnzErJ8ougFKoksK/wUvOJb6V2iCXg1rM9gGEY1I7HE8jQnvh6buAuXHtHaahfoiiISaplOxYg==",
};

const platform = `${process.platform}-${process.arch}`;
const pinned = integrity[platform];
if (claudeBinary() !== undefined) console.log(`Claude Code ${claudeVersion} is here already`);
else if (pinned === undefined) console.warn(`skipped: no Claude Code is pinned for ${platform}`);
else {
  const start = performance.now();
  try {
    const name = `@anthropic-ai/claude-code-${platform}`;
    await fetchPackage(claudeFolder, { name, version: claudeVersion, integrity: pinned });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`Claude Code ${claudeVersion} for ${platform}: fetched in ${seconds} s`);
  } catch (error) {
    // A machine without a registry still runs everything else: the tests say that they were skipped.
    console.warn(`Claude Code ${claudeVersion} was not fetched: ${String(error)}`);
    if (String(error).includes("EINTEGRITY")) process.exitCode = 1;
  }
}
