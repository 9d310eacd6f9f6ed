import type { Store, StoreWrites } from "../../../../apps/broker/src/store/port.ts";
import type { Pass } from "./failpoints.ts";

const writes = ["appendMessage", "ack", "seenDevice"] as const;

/** Where a broker can be made to end: around the writes of messages, acknowledgements and cursors, and around telling its feeds. */
export const brokerFailpoints: readonly string[] = [
  ...writes.flatMap((name) => [`${name}:before`, `${name}:during`, `${name}:committed`]),
  "fan-out:before",
  "fan-out:after",
];

/** A store that passes the failpoints: before a write, while it is under way, after its commit and before the reply. */
export function withFailpoints(store: Store, pass: Pass): Store {
  const wrap = <N extends (typeof writes)[number]>(name: N): StoreWrites[N] => {
    const write = store.write[name] as (input: never) => Promise<unknown>;
    const wrapped = async (input: never) => {
      pass(`${name}:before`);
      const done = write(input);
      // By the next turn of the event loop the write is with the writer's thread.
      setImmediate(() => pass(`${name}:during`));
      const outcome = await done;
      pass(`${name}:committed`);
      return outcome;
    };
    return wrapped as unknown as StoreWrites[N];
  };
  return {
    ...store,
    write: {
      ...store.write,
      appendMessage: wrap("appendMessage"),
      ack: wrap("ack"),
      seenDevice: wrap("seenDevice"),
    },
    onAppend: (listener) =>
      store.onAppend((mesh, entries) => {
        pass("fan-out:before");
        listener(mesh, entries);
        pass("fan-out:after");
      }),
  };
}
