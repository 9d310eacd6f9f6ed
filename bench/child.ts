import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type Resources, requireOpen } from "./resources.ts";

/** A process that prints one JSON line when it is ready. */
export interface Child {
  readonly pid: number;
  readonly ready: Record<string, unknown>;
}

/** Starts a Node program and waits for its first line of JSON on stdout; it is ended with the bench. */
export async function startChild(
  resources: Resources,
  file: string,
  args: readonly string[] = [],
): Promise<Child> {
  requireOpen(resources);
  // In a group of its own, so that Ctrl-C reaches the bench alone, which then ends it in order.
  const child: ChildProcess = spawn(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  resources.defer(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const line = await new Promise<string>((resolve, reject) => {
    if (!child.stdout) return reject(new Error("no stdout"));
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("close", (code) =>
      reject(new Error(`${file} ended with ${code} before it was ready`)),
    );
  });
  return { pid: child.pid ?? 0, ready: JSON.parse(line) as Record<string, unknown> };
}

/** Resident memory of a process in MiB, from /proc; NaN where there is none. */
export const residentMiB = (pid: number): Promise<number> => memoryMiB(pid, "VmRSS");

/** The most resident memory that a process has had, likewise. */
export const peakMiB = (pid: number): Promise<number> => memoryMiB(pid, "VmHWM");

async function memoryMiB(pid: number, line: "VmHWM" | "VmRSS"): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = new RegExp(`^${line}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
  return kib === undefined ? Number.NaN : Number(kib) / 1024;
}
