import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const internalError = 8;

/** Runs `script` again with the checkout's own Node, or says in one sentence what to do. */
export function runNewerNode(script, needed) {
  const node = ownNode(dirname(script));
  if (node === undefined) {
    process.stderr.write(
      `claudemesh needs Node ${needed} or newer, and this is ${process.versions.node}: install it from https://nodejs.org and run the command again.\n`,
    );
    process.exitCode = internalError;
    return;
  }
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  const forward = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, forward);
  child.on("error", (error) => {
    process.stderr.write(`claudemesh cannot run ${node}: ${error.message}\n`);
    process.exitCode = internalError;
  });
  child.on("exit", (code, signal) => {
    for (const forwarded of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(forwarded, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? internalError;
  });
}

/** The Node that was installed as a dependency, looked for from `folder` upwards. */
function ownNode(folder) {
  const name = process.platform === "win32" ? "node.exe" : "node";
  for (let at = folder; ; at = dirname(at)) {
    const node = join(at, "node_modules", "node", "bin", name);
    if (existsSync(node)) return node;
    if (dirname(at) === at) return undefined;
  }
}
