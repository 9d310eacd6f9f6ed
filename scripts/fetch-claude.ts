// Fetches the real Claude Code, which the agent tests run under a scripted model: `npm run fetch:claude`.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  claudeBinary,
  claudeFolder,
  claudeVersion,
} from "../packages/testkit/src/agent/claude-binary.ts";

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

/** Runs a program in a folder; throws with its last words when it fails. */
async function run(cwd: string, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const last = words.trim().split("\n").slice(0, 3).join("; ");
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${last}`);
}

/** A project whose lock file pins the one package, so that npm itself refuses other bytes. */
async function writeProject(folder: string, name: string, pinned: string): Promise<void> {
  const version = claudeVersion;
  const project = { name: "fetch-claude", version: "1.0.0", dependencies: { [name]: version } };
  const file = name.split("/")[1];
  const resolved = `https://registry.npmjs.org/${name}/-/${file}-${version}.tgz`;
  const packages = {
    "": project,
    [`node_modules/${name}`]: { version, resolved, integrity: pinned },
  };
  const lock = {
    name: project.name,
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages,
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(project));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
}

/** Installs beside the target, then moves the package there in one step. */
async function fetchInto(folder: string, name: string, pinned: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    await writeProject(work, name, pinned);
    const quiet = ["--fetch-retries", "1", "--loglevel", "error", "--no-audit", "--no-fund"];
    await run(work, "npm", ["ci", "--ignore-scripts", "--cache", join(work, "cache"), ...quiet]);
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, "node_modules", name), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const platform = `${process.platform}-${process.arch}`;
const pinned = integrity[platform];
if (claudeBinary() !== undefined) console.log(`Claude Code ${claudeVersion} is here already`);
else if (pinned === undefined) console.warn(`skipped: no Claude Code is pinned for ${platform}`);
else {
  const start = performance.now();
  try {
    await fetchInto(claudeFolder, `@anthropic-ai/claude-code-${platform}`, pinned);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`Claude Code ${claudeVersion} for ${platform}: fetched in ${seconds} s`);
  } catch (error) {
    // A machine without a registry still runs everything else: the tests say that they were skipped.
    console.warn(`Claude Code ${claudeVersion} was not fetched: ${String(error)}`);
    if (String(error).includes("EINTEGRITY")) process.exitCode = 1;
  }
}
