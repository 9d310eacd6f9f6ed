import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { claimToken, isClaimLive } from "./process-liveness.ts";

const random = (length: number) => randomBytes(length);
const hasProc = existsSync("/proc/self/stat") && existsSync("/proc/sys/kernel/random/boot_id");

test("a claim lives as long as its process", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
  await once(child, "spawn");
  const token = claimToken(child.pid ?? 0, random);
  const wasLive = isClaimLive(token);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.equal(wasLive, true);
  assert.equal(isClaimLive(token), false);
});

test("a claim of this process is live, and what names no process is not", () => {
  assert.equal(isClaimLive(claimToken(process.pid, random)), true);
  for (const token of ["", "x", "0::00", "-1::00", "1.5::00"]) {
    assert.equal(isClaimLive(token), false, token);
  }
});

test("a later process of the same id does not keep a claim alive", { skip: !hasProc }, () => {
  const [pid, birth = "", rest] = claimToken(process.pid, random).split(":");
  const [boot = "", start = ""] = birth.split(".");
  const restarted = `${pid}:${boot}.${Number(start) - 1}:${rest}`;
  const rebooted = `${pid}:${boot.replace(/^./, (c) => (c === "0" ? "1" : "0"))}.${start}:${rest}`;
  assert.equal(isClaimLive(restarted), false);
  assert.equal(isClaimLive(rebooted), false);
});

test("without a start time the process id alone decides", () => {
  assert.equal(isClaimLive(`${process.pid}::00`), true);
});
