import { randomFillSync } from "node:crypto";
import { PassThrough } from "node:stream";
import type { Host } from "../host.ts";

/** A host with memory streams, and what was written to them. */
export function hostWith(options: {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly home?: string;
}): { readonly host: Host; readonly out: () => string; readonly err: () => string } {
  const stream = () => Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  const host: Host = {
    stdin,
    stdout,
    stderr,
    env: options.env ?? { LANG: "C.UTF-8" },
    platform: "linux",
    home: options.home ?? "/nowhere/claudemesh",
    hostName: "testhost",
    userName: "alice",
    tempDir: "/tmp",
    call: "claudemesh",
    program: { node: process.execPath, entry: "/nowhere/bin/claudemesh.js", defaultHome: "" },
    userFolder: "/nowhere",
    version: "0.0.0",
    now: Date.now,
    run: "test",
    random: (length) => randomFillSync(new Uint8Array(length)),
    signal: new AbortController().signal,
    agentSide: () => Promise.reject(new Error("no agent here")),
    loadBroker: () => Promise.reject(new Error("no broker here")),
    loadUpkeep: () => Promise.reject(new Error("no broker here")),
  };
  const read = (from: PassThrough) => () => String(from.read() ?? "");
  return { host, out: read(stdout), err: read(stderr) };
}
