import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { BatchWriter } from "./batch-writer.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { FromWriter, ToWriter, WriteRequest } from "./messages.ts";

interface WriterData {
  readonly path: string;
  readonly commitLimit: number;
}

/** The writer's thread: whatever is waiting when a transaction can begin becomes that transaction, at most `commitLimit` writes. */
function runWriter(port: MessagePort, { path, commitLimit }: WriterData): void {
  const writer = new BatchWriter(path);
  // Bounded by the sender, which counts what it has not had an answer for.
  const waiting: WriteRequest[] = [];
  let running = false;
  let closing = false;

  const send = (message: FromWriter): void => port.postMessage(message);

  const accept = (message: ToWriter): void => {
    if (message === "close") closing = true;
    else waiting.push(...message);
  };

  /** Takes what came in while a transaction held the thread. */
  const acceptArrived = (): void => {
    for (;;) {
      const next = receiveMessageOnPort(port);
      if (next === undefined) return;
      accept(next.message as ToWriter);
    }
  };

  const drain = async (): Promise<void> => {
    running = true;
    for (;;) {
      acceptArrived();
      if (waiting.length === 0) break;
      const requests = waiting.splice(0, commitLimit);
      send(await writer.run(requests));
      if (checkpoints.committed(requests.length, charsOf(requests))) writer.checkpoint();
    }
    running = false;
    if (!closing) return;
    await checkpoints.close();
    writer.close();
    port.close();
  };

  writer.open();
  const checkpoints = new Checkpoints(path);
  port.on("message", (message: ToWriter) => {
    accept(message);
    if (!running) void drain();
  });
  send("ready");
}

const charsOf = (requests: readonly WriteRequest[]): number =>
  requests.reduce((sum, request) => sum + (Array.isArray(request) ? request[6].length : 0), 0);

if (parentPort === null) throw new Error("the writer runs as a worker thread");
runWriter(parentPort, workerData as WriterData);
