import { commonWrites } from "../../writes/index.ts";
import type { WriteName } from "../../writing/write-context.ts";
import type { SqliteWriteFn } from "../write-context.ts";
import { ack } from "./ack.ts";
import { appendMessage } from "./append-message.ts";

/** Every write that the port names; a missing one does not compile. */
export const writes: { readonly [N in WriteName]: SqliteWriteFn<N> } = {
  ...commonWrites,
  ack,
  appendMessage,
};
