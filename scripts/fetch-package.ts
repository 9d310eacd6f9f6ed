import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A package of the registry, and the bytes that it must have. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

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
async function writeProject(folder: string, { name, version, integrity }: Package): Promise<void> {
  const project = { name: "fetch-package", version: "1.0.0", dependencies: { [name]: version } };
  const file = name.split("/")[1];
  const resolved = `https://registry.npmjs.org/${name}/-/${file}-${version}.tgz`;
  const packages = {
    "": project,
    [`node_modules/${name}`]: { version, resolved, integrity },
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
export async function fetchPackage(folder: string, wanted: Package): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    await writeProject(work, wanted);
    const quiet = ["--fetch-retries", "1", "--loglevel", "error", "--no-audit", "--no-fund"];
    await run(work, "npm", ["ci", "--ignore-scripts", "--cache", join(work, "cache"), ...quiet]);
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, "node_modules", wanted.name), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
