import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ready } from "@claudemesh/crypto";
import { BrokerProcess } from "../broker-process.ts";
import { MixedLoad } from "./load.ts";
import { curve, growth, type Sample, takeSample } from "./samples.ts";

export interface SoakOptions {
  readonly ms: number;
  readonly everyMs: number;
  /** told each sample as it is taken */
  readonly progress: (line: string) => void;
  /** ends it early */
  readonly signal: AbortSignal;
}

export interface SoakResult {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** by what factor memory may have grown once caches are filled */
const mostGrowth = 1.25;
/** files that may be open more at the end than at the beginning: connections that are about to close */
const spareFiles = 20;
/** too few samples say nothing about growth, nor does a run in which the caches still fill */
const leastSamples = 20;
const leastMinutes = 2;

/** Runs a real broker under mixed load and watches what it holds. */
export async function soak({ ms, everyMs, progress, signal }: SoakOptions): Promise<SoakResult> {
  await ready();
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-soak-"));
  const samples: Sample[] = [];
  try {
    await using broker = await BrokerProcess.start({ folder });
    await using load = new MixedLoad(broker.url);
    await load.start();
    const start = performance.now();
    const minutes = () => (performance.now() - start) / 60_000;
    do {
      const sample = await takeSample(broker.url, minutes());
      samples.push(sample);
      progress(curve([sample])[1] ?? "");
      await after(everyMs, signal);
    } while (minutes() * 60_000 < ms && !signal.aborted);
    await load.stop();
    return verdict(samples, load);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function verdict(samples: readonly Sample[], { done }: MixedLoad): SoakResult {
  const resident = growth(samples, ({ residentMiB }) => residentMiB);
  const heap = growth(samples, ({ heapMiB }) => heapMiB);
  const files = (samples.at(-1)?.files ?? 0) - (samples[0]?.files ?? 0);
  const isLong = samples.length >= leastSamples && (samples.at(-1)?.minutes ?? 0) >= leastMinutes;
  const isGood =
    done.messages > 0 &&
    done.received > 0 &&
    files <= spareFiles &&
    (!isLong || (resident <= mostGrowth && heap <= mostGrowth));
  const { messages, received, reconnects, strangers } = done;
  return {
    lines: [
      ...curve(samples),
      `${messages} messages, ${received} received, ${reconnects} reconnects, ${strangers} strangers`,
      `grown by ${resident.toFixed(2)} resident, ${heap.toFixed(2)} heap, ${files} files${isLong ? "" : "; too short to judge memory"}`,
    ],
    isGood,
  };
}

const after = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
