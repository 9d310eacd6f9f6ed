import { type ChildProcess, spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { peakMiB, startChild } from "../child.ts";
import { startBroker } from "../claudemesh/broker-process.ts";
import { type Resources, temporaryFolder } from "../resources.ts";
import type { Row } from "../row.ts";

const folder = import.meta.dirname;

/** A device process that is told what to do line by line. */
class Device {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  link = "";

  constructor(resources: Resources, args: readonly string[]) {
    const child = spawn(process.execPath, [join(folder, "device-process.ts"), ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    resources.defer(() => void child.kill("SIGKILL"));
    const lines: Interface = createInterface({ input: child.stdout });
    this.#child = child;
    this.#lines = lines[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async said(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("a device ended");
    return JSON.parse(value) as Record<string, unknown>;
  }

  async does(what: object): Promise<{ id: string; ms: number }> {
    this.#child.stdin?.write(`${JSON.stringify(what)}\n`);
    return (await this.said()) as { id: string; ms: number };
  }
}

const perSecond = (bytes: number, ms: number): number => bytes / 1e6 / (ms / 1_000);

/** A file up and down, from one device to another, beside a plain copy of the same file through a socket to another process that syncs it. */
export async function files(resources: Resources, bytes: number): Promise<Row[]> {
  const place = temporaryFolder(resources);
  const path = join(place, "file.bin");
  const noise = crypto.getRandomValues(new Uint8Array(1 << 16));
  const written = createWriteStream(path);
  for (let at = 0; at < bytes; at += noise.length) {
    const piece = noise.subarray(0, Math.min(noise.length, bytes - at));
    if (!written.write(piece)) await new Promise<void>((resolve) => written.once("drain", resolve));
  }
  await new Promise<void>((resolve) => written.end(() => resolve()));
  const { url, pid } = await startBroker(resources);
  const alice = new Device(resources, [join(place, "alice"), "alice", "", url]);
  const { link } = await alice.said();
  const bob = new Device(resources, [join(place, "bob"), "bob", String(link)]);
  await bob.said();
  const name = `a file of ${Math.round(bytes / 1e6)} MB`;
  let id = "";
  return [
    {
      name: `${name}, copied through a socket`,
      reference: true,
      measure: async () => {
        const copy = join(place, "copy.bin");
        const server = await startChild(resources, join(folder, "socket-copy-process.ts"), [copy]);
        const began = performance.now();
        const socket = connect(Number(server.ready.port), "127.0.0.1");
        const done = new Promise((resolve) => socket.once("data", resolve));
        await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), socket, { end: false });
        socket.end();
        await done;
        const ms = performance.now() - began;
        await rm(copy, { force: true });
        return { "MB per second": perSecond(bytes, ms) };
      },
    },
    {
      name: `${name}, shared`,
      reference: false,
      measure: async () => {
        const done = await alice.does({ path });
        id = done.id;
        return {
          "MB per second": perSecond(bytes, done.ms),
          "device peak MiB": await peakMiB(alice.pid),
          "server peak MiB": await peakMiB(pid),
        };
      },
    },
    {
      name: `${name}, fetched`,
      reference: false,
      measure: async () => {
        const { ms } = await bob.does({ id, out: join(place, "got.bin") });
        return {
          "MB per second": perSecond(bytes, ms),
          "device peak MiB": await peakMiB(bob.pid),
          "server peak MiB": await peakMiB(pid),
        };
      },
    },
  ];
}
