import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { RandomSource } from "@claudemesh/crypto";
import { type BackupContents, MeshError } from "@claudemesh/protocol";
import type { SealingAnswer, SealingWork } from "./sealing-work.ts";

/** More than salt and nonce take. */
const randomBytes = 64;

/** Seals a backup while this thread goes on: everyone else of the daemon would wait for a passphrase otherwise. Throws what `sealBackup` throws. */
export async function sealInThread(
  contents: BackupContents,
  passphrase: string,
  random: RandomSource,
): Promise<Uint8Array> {
  const answer = await inThread({
    does: "seal",
    contents,
    passphrase,
    random: random(randomBytes),
  });
  if ("file" in answer) return answer.file;
  throw unexpected();
}

/** Opens a backup while this thread goes on. Throws what `openBackup` throws. */
export async function openInThread(file: Uint8Array, passphrase: string): Promise<BackupContents> {
  const answer = await inThread({ does: "open", file, passphrase });
  if ("contents" in answer) return answer.contents;
  throw unexpected();
}

async function inThread(work: SealingWork): Promise<SealingAnswer> {
  const url = new URL(`./sealing-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { workerData: work });
  const { promise, resolve, reject } = Promise.withResolvers<SealingAnswer>();
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.once("exit", () => reject(unexpected()));
  try {
    const answer = await promise;
    if ("error" in answer) throw MeshError.fromBody(answer.error);
    return answer;
  } finally {
    await worker.terminate();
  }
}

const unexpected = (): MeshError =>
  new MeshError("internal", "the thread that seals backups ended without an answer");
