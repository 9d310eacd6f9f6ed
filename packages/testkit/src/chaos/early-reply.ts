import type { Store } from "../../../../apps/broker/src/store/port.ts";
import type { Timer } from "../faults/channel.ts";

/** A planted bug: messages are called accepted before they are written, so a crash within the next moments loses them. */
export function withEarlyReply(store: Store, timer: Timer, lateMs = 400): Store {
  let promised = 1_000_000_000;
  return {
    ...store,
    write: {
      ...store.write,
      appendMessage: async (input) => {
        timer(lateMs, () => void store.write.appendMessage(input).catch(() => {}));
        promised += 1;
        return { result: "accepted", seq: promised, at: input.at, repeated: false };
      },
    },
  };
}
