import type { Envelope, MemberId } from "@claudemesh/protocol";
import { notice, type Told } from "../lie.ts";
import type { Stage } from "../stage.ts";
import { inventingEvent, only } from "../tricks.ts";

export const noSignature = "the signature of the envelope does not verify";

/** The reader is told that a message was refused. */
export const refused = (code: string, why: string, name = "alice"): Told =>
  notice(code, `a message under the name of ${name} was refused: ${why}`);

/** The sender is told that a receipt was refused. */
export const receiptRefused = (why: string, name = "bob"): Told =>
  notice("receipt_refused", `a receipt under the name of ${name} was refused: ${why}`);

export const missing = (name = "alice"): Told =>
  notice("message_missing", `a message from ${name} is missing`);

export const unreadable = (why: string): Told =>
  notice("upgrade_required", `entry N cannot be read by this version: ${why}`);

/** What a device says when it goes on with what it has. */
export const onlyStored = (code: string, why: string, what = "this home cannot connect"): Told =>
  notice(code, `${what}, so only what is stored here is shown: ${why}`);

/** The last message that alice sent to bob, as it crossed the broker. */
export function lastEnvelope({ broker, bob }: Stage): Envelope {
  const last = broker.bodies<Envelope>(bob.member, "message").at(-1);
  if (last === undefined) throw new Error("nothing was sent to bob");
  return last;
}

/** Gives a member an event that the log does not have. */
export function invent(
  stage: Stage,
  to: MemberId,
  kind: string,
  body: () => unknown | Promise<unknown>,
): void {
  stage.broker.lie(only(to, inventingEvent(kind, body)));
}
