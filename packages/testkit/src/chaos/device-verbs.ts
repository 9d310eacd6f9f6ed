import type { Device } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol";
import type { Pass } from "../faults/failpoints.ts";
import type { Report } from "../history/event.ts";
import { textOf, valueIn } from "./message-text.ts";

/** Bugs that a device process can be given, to see that they are found. */
export const deviceBugs = ["skip-confirm", "hide-again"] as const;
export type DeviceBug = (typeof deviceBugs)[number];

/** Where a device's program, as opposed to its connection, can be made to end. */
export const verbFailpoints: readonly string[] = [
  "offer:before-show",
  "offer:shown",
  "offer:confirmed",
];

/** Something a device said that no fault explains. */
export interface Alarm {
  readonly kind: "alarm";
  readonly code: string;
  readonly text: string;
}

export type Said = Report | Alarm;

export interface VerbParts {
  readonly device: Device;
  readonly name: string;
  readonly say: (said: Said) => void;
  readonly pass: Pass;
  readonly bug: DeviceBug | undefined;
  /** how long a reader looks at what it was shown, before it is confirmed */
  readonly look: () => Promise<void>;
}

const passing = ["cancelled", "offline", "timeout", "unavailable", "rate_limited"];

/** Reports an error unless it is one that faults of network and processes explain. */
export function alarmOf(error: unknown): Alarm | undefined {
  const { code, message } =
    error instanceof MeshError ? error : { code: "internal", message: String(error) };
  return passing.includes(code) ? undefined : { kind: "alarm", code, text: message };
}

/** A message without a place in the log may have got there all the same: a receipt can overtake the broker's reply. These say that it has not. */
const failedStates: readonly string[] = ["expired", "refused", "undeliverable", "void"];

/** Sends one message and says what became of it. */
export async function sendOne(
  { device, name, say }: VerbParts,
  message: { readonly to: string; readonly value: string; readonly length: number },
): Promise<void> {
  const { to, value, length } = message;
  say({ kind: "attempt", value, from: name, to });
  try {
    const sent = await device.api.message.send({ to, text: textOf(value, length) });
    const { id, seq, state } = sent;
    const why = sent.reason ?? state;
    if (seq !== undefined) say({ kind: "acknowledged", value, id, seq });
    else if (failedStates.includes(state)) say({ kind: "failed", value, why });
    else say({ kind: "in_doubt", value, why });
  } catch (error) {
    if (error instanceof MeshError && error.code === "clock_skew") {
      return say({ kind: "failed", value, why: error.message });
    }
    say({ kind: "in_doubt", value, why: String(error) });
    const alarm = alarmOf(error);
    if (alarm) say(alarm);
  }
}

/** Shows what waits, and confirms it. Answers how many it was, and how many still wait. */
export async function readSome(
  { device, name, say, pass, bug, look }: VerbParts,
  wait?: string,
): Promise<{ shown: number; more: number }> {
  const input = wait === undefined ? {} : { wait };
  const { items, notices, more } = await device.api.message.inbox({ limit: 50, ...input });
  pass("offer:before-show");
  for (const { id, text, again } of items) {
    const told = bug === "hide-again" ? false : again;
    say({ kind: "shown", value: valueIn(text), by: name, id, again: told });
  }
  for (const { code, text } of notices) {
    if (!passing.includes(code)) say({ kind: "alarm", code, text });
  }
  if (items.length > 0) await look();
  pass("offer:shown");
  if (bug !== "skip-confirm") await device.confirmHandOver();
  pass("offer:confirmed");
  return { shown: items.length, more };
}
