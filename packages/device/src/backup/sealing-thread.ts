import { parentPort, workerData } from "node:worker_threads";
import { openBackup, ready, sealBackup } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { SealingAnswer, SealingWork } from "./sealing-work.ts";

/** The thread in which a passphrase becomes a key: that takes a second or two, on purpose. */
async function work(asked: SealingWork): Promise<SealingAnswer> {
  await ready();
  try {
    if (asked.does === "open") {
      return { contents: openBackup(asked.file, asked.passphrase) };
    }
    let left = asked.random;
    const random = (length: number) => {
      const drawn = left.slice(0, length);
      left = left.slice(length);
      return drawn;
    };
    return { file: sealBackup(asked.contents, asked.passphrase, random) };
  } catch (error) {
    if (error instanceof MeshError) return { error: error.toBody() };
    throw error;
  }
}

parentPort?.postMessage(await work(workerData as SealingWork));
