import type { SocketLike } from "@claudemesh/sdk";
import type { Pass } from "./failpoints.ts";

/** Where a device can be made to end on its way to the broker: around each frame that it sends or takes. */
export const lineFailpoints: readonly string[] = [
  ...["hello", "call", "receipt"].flatMap((type) => [`${type}:before`, `${type}:sent`]),
  ...["welcome", "reply", "event"].flatMap((type) => [`${type}:before`, `${type}:taken`]),
];

/** A `connect` for devices whose sockets pass the failpoints. */
export function connectWith(pass: Pass): (url: string) => SocketLike {
  return (url) => {
    const socket = new WebSocket(url);
    return {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send(text) {
        const type = typeOf(text);
        pass(`${type}:before`);
        socket.send(text);
        // The socket hands bytes to the system after this turn.
        setImmediate(() => pass(`${type}:sent`));
      },
      close: (code, reason) => socket.close(code, reason),
      addEventListener(event: string, listener: (event: never) => void) {
        if (event !== "message") return socket.addEventListener(event, listener as () => void);
        socket.addEventListener("message", (message) => {
          const type = typeOf(message.data);
          pass(`${type}:before`);
          listener(message as never);
          pass(`${type}:taken`);
        });
      },
    };
  };
}

/** The frame's type; what is not a frame has none. */
function typeOf(data: unknown): unknown {
  try {
    return (JSON.parse(String(data)) as { type?: unknown }).type;
  } catch {
    return undefined;
  }
}
