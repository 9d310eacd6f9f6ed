import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { BatchWriter } from "./batch-writer.ts";
import type { FromWriter, ToWriter, WriteRequest } from "./messages.ts";

/** Entry of the writer's thread: whatever is waiting when a transaction can begin becomes that transaction, at most `commitLimit` writes. */
const { path, commitLimit } = workerData as { path: string; commitLimit: number };
const port = threadPort();

function threadPort(): MessagePort {
  if (parentPort === null) throw new Error("the writer runs as a worker thread");
  return parentPort;
}

const writer = new BatchWriter(path);
// Bounded by the sender, which counts what it has not had an answer for.
const waiting: WriteRequest[] = [];
let running = false;
let closing = false;

const send = (message: FromWriter): void => port.postMessage(message);

function accept(message: ToWriter): void {
  if (message === "close") closing = true;
  else waiting.push(...message);
}

async function drain(): Promise<void> {
  running = true;
  for (;;) {
    acceptArrived();
    if (waiting.length === 0) break;
    send(await writer.run(waiting.splice(0, commitLimit)));
  }
  running = false;
  if (!closing) return;
  writer.close();
  port.close();
}

/** Takes what came in while a transaction held the thread. */
function acceptArrived(): void {
  for (;;) {
    const next = receiveMessageOnPort(port);
    if (next === undefined) return;
    accept(next.message as ToWriter);
  }
}

writer.open();
port.on("message", (message: ToWriter) => {
  accept(message);
  if (!running) void drain();
});
send("ready");
