import type { InboxMessage } from "@claudemesh/protocol";

/** A received message as it is framed; every `InboxMessage` is one. `topic` and `group` name where it was sent, without `#` and `@`. */
export type FramedItem = Pick<
  InboxMessage,
  "id" | "mesh" | "text" | "priority" | "replyTo" | "createdAt" | "again" | "intent" | "subtype"
> &
  Partial<Pick<InboxMessage, "kind" | "group" | "topic" | "plain">> & {
    readonly from: Pick<InboxMessage["from"], "name"> & Partial<InboxMessage["from"]>;
  };

export interface FrameOptions {
  /** most characters (UTF-16 units) of the whole text; hooks take 10,000 */
  readonly maxChars: number;
  /** unguessable, drawn for this one hand-over: 12 or more lower-case hex digits */
  readonly nonce: string;
  /** messages that wait besides these */
  readonly waiting?: number;
}
