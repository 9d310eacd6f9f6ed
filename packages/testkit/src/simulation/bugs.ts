import type { DeviceBug } from "../chaos/device-verbs.ts";

/** Bugs that a simulation can be given, to see that it finds them. */
export const bugs = [
  /** the broker calls a message accepted before it is written */
  "early-reply",
  /** the broker's commits do not wait for the disk */
  "no-sync",
  /** the broker forgets which ids it has seen */
  "no-dedupe",
  /** the device acknowledges events before it has stored them */
  "early-ack",
  "hide-again",
  "skip-confirm",
] as const satisfies readonly (DeviceBug | string)[];

export type Bug = (typeof bugs)[number];
