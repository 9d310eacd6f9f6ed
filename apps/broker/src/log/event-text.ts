import type { CaughtUp } from "@claudemesh/protocol";
import type { LogEntry } from "../store/port.ts";

/** The event frame of a log entry, written once for all who receive it: the stored body is JSON already. */
export const eventText = ({ kind, seq, id, at, body }: LogEntry): Buffer =>
  Buffer.from(
    `{"type":"event","kind":"${kind}","seq":${seq},"id":${JSON.stringify(id)},"at":${at},"body":${body}}`,
  );

/** Says that everything up to `seq` was sent. */
export const caughtUpText = (seq: number): string =>
  JSON.stringify({ type: "event", kind: "caught_up", seq } satisfies CaughtUp);
