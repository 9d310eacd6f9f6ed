import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SocketClient } from "@claudemesh/local-link";
import type { World } from "../cli/world.ts";

/** What `daemon status --json` says of a person's daemon. */
export interface Status {
  readonly running: boolean;
  readonly pid: number;
  readonly version: string;
  readonly uptimeMs: number;
  readonly memory: { readonly rssBytes: number; readonly heapBytes: number };
  readonly meshes: readonly {
    readonly slug: string;
    readonly link: string;
    readonly connects: number;
    readonly queued: number;
    readonly reason?: string;
  }[];
}

/** Runs a verb that has to succeed, and answers its JSON. */
export async function json(world: World, person: string, line: string) {
  const ran = await world.run(person, `claudemesh ${line} --json`);
  assert.equal(ran.exit, 0, `${person}: ${line}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

export const statusOf = (world: World, person: string): Promise<Status> =>
  json(world, person, "daemon status");

export const socketOf = (world: World, person: string): string =>
  join(world.home(person), "daemon.sock");

export const clientOf = (world: World, person: string): SocketClient =>
  new SocketClient({ socketPath: socketOf(world, person), headers: {} });

export const logOf = (world: World, person: string): string =>
  readFileSync(join(world.home(person), "logs", "daemon.log"), "utf8");

/** Settles when the daemon's link to its one mesh stands so; by its events, not by asking again and again. */
export async function untilLink(world: World, person: string, link: string): Promise<void> {
  const client = clientOf(world, person);
  try {
    const events = client.watch();
    const first = events.next();
    const now = await client.route("status", {});
    if (now.meshes.every((mesh) => mesh.link === link) && now.meshes.length > 0) return;
    for (let got = await first; !got.done; got = await events.next()) {
      const event = got.value as { type: string; standing?: { link: string } };
      if (event.type === "link" && event.standing?.link === link) return;
    }
    assert.fail(`the daemon ended before its link was ${link}`);
  } finally {
    client.close();
  }
}
