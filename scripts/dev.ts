// A broker and two people in a temporary folder, gone with Ctrl-C. The broker restarts when its sources change.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./run.ts";

const cli = join(root, "apps/cli/bin/claudemesh.js");
const folder = mkdtempSync(join(tmpdir(), "claudemesh-dev-"));
const homes = { alice: join(folder, "alice"), bob: join(folder, "bob") };
const envOf = (home: string) => ({ ...process.env, CLAUDEMESH_HOME: home });

const up = spawn(
  process.execPath,
  ["--watch-path", "apps/broker/src", cli, "up", "--json", "--name", "alice"],
  { cwd: root, env: envOf(homes.alice), stdio: ["ignore", "pipe", "inherit"] },
);

let joined = false;
up.stdout.setEncoding("utf8").on("data", (text: string) => {
  const line = text.split("\n").find((part) => part.startsWith("{"));
  if (joined || line === undefined) return;
  joined = true;
  const ready = JSON.parse(line) as { url: string; invite: { link: string } | null };
  if (!ready.invite) throw new Error("a fresh home has an open invite");
  const args = [cli, "join", ready.invite.link, "--name", "bob"];
  execFileSync(process.execPath, args, { env: envOf(homes.bob), stdio: "inherit" });
  console.log(`\nBroker at ${ready.url}. In other terminals:\n`);
  for (const [name, home] of Object.entries(homes)) {
    console.log(`  CLAUDEMESH_HOME=${home} npx claudemesh inbox --wait 10m    # ${name}`);
  }
  console.log("\nCtrl-C ends it and removes both homes.");
});

process.once("SIGINT", () => up.kill("SIGTERM"));
up.once("close", () => rmSync(folder, { recursive: true, force: true }));
