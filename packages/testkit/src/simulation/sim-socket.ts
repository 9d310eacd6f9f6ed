import type { SocketLike } from "@claudemesh/sdk";
import { WebSocket } from "ws";
import type { Pass } from "../faults/failpoints.ts";
import type { Seeded } from "../faults/seeded.ts";
import type { PipeEnd } from "./pipe.ts";
import type { SimProcess } from "./sim-process.ts";

export interface SocketParts {
  readonly process: SimProcess;
  readonly dial: () => PipeEnd;
  readonly random: Seeded;
  readonly pass: Pass;
  /** how likely a message that was sent is sent once more, as by a network that repeats */
  readonly repeats: () => number;
  readonly acksEarly: boolean;
}

interface FrameHead {
  readonly type?: string;
  readonly id?: string;
  readonly op?: string;
  readonly kind?: string;
  readonly seq?: number;
}

/** A device's `connect`: real WebSockets over simulated connections, every frame of which is traced and may be the last thing that the device does. */
export function simConnect(parts: SocketParts): (url: string) => SocketLike {
  const { process, dial, pass } = parts;
  const { world } = process;
  return (url) => {
    const socket = new WebSocket(url, {
      createConnection: dial as never,
      perMessageDeflate: false,
    });
    return {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send(text) {
        if (!process.alive) return;
        const head = JSON.parse(text) as FrameHead;
        pass(`${head.type}:before`);
        if (process.alive) world.note(`${process.name} > ${text}`);
        socket.send(text);
        repeat(parts, socket, head, text);
        pass(`${head.type}:sent`);
      },
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
      addEventListener(event: string, listener: (event: never) => void) {
        if (event !== "message") return socket.addEventListener(event as "open", listener as never);
        socket.addEventListener("message", (message) => {
          if (!process.alive) return;
          const text = String(message.data);
          const head = JSON.parse(text) as FrameHead;
          world.note(`${process.name} < ${text}`);
          pass(`${head.type}:before`);
          if (parts.acksEarly) ackEarly(socket, head);
          listener(message as never);
          pass(`${head.type}:taken`);
        });
      },
    };
  };
}

/** Sends a message again on the same connection, some time later and under a call of its own. */
function repeat(
  { process, random, repeats }: SocketParts,
  socket: WebSocket,
  head: FrameHead,
  text: string,
): void {
  if (head.type !== "call" || !head.op?.endsWith(".send") || !random.chance(repeats())) return;
  process.after(random.between(0, 2_000), () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    process.world.note(`${process.name} > again: ${head.id}`);
    socket.send(JSON.stringify({ ...(JSON.parse(text) as object), id: `again-${head.id}` }));
  });
}

/** A planted bug: says that an event is stored before it is. */
function ackEarly(socket: WebSocket, { type, kind, seq }: FrameHead): void {
  if (type !== "event" || kind === "caught_up" || seq === undefined) return;
  socket.send(JSON.stringify({ type: "receipt", id: `early-${seq}`, ack: seq, receipts: [] }));
}
