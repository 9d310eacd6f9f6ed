import { spawn } from "node:child_process";
import { dirname, join } from "node:path";

export const root = dirname(import.meta.dirname);

/** Runs a program of this checkout with its output passed through; answers exit code and what it printed to stdout. */
export function run(
  command: string,
  args: readonly string[],
): Promise<{ code: number; out: string }> {
  const bin = join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}` };
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    process.stdout.write(text);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: signal ? 1 : (code ?? 1), out }));
  });
}

/** One named step of a longer run; says when it starts, and how long it took. */
export async function step(
  name: string,
  command: string,
  args: readonly string[],
): Promise<string> {
  console.log(`\n== ${name}`);
  const start = performance.now();
  const { code, out } = await run(command, args);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (code !== 0) {
    console.error(`\n${name} failed after ${seconds} s: ${command} ${args.join(" ")}`);
    process.exit(code);
  }
  console.log(`== ${name}: ${seconds} s`);
  return out;
}
