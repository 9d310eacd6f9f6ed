import {
  CaughtUp,
  ChallengeFrame,
  type DownFrame,
  ErrorBody,
  LogEvent,
  MeshError,
  malformed,
  PassingEvent,
  ProgressFrame,
  parse,
  WelcomeFrame,
} from "@claudemesh/protocol";
import type { ClientEvent } from "./types.ts";

/** An answer: what the operation gave, or the broker's refusal. */
export type Outcome = { readonly output: unknown } | { readonly error: MeshError };

/** One frame as this side understands it. `none` is a frame of a later broker that may be passed over. */
export type Incoming =
  | { readonly is: "challenge"; readonly frame: Extract<DownFrame, { type: "challenge" }> }
  | { readonly is: "welcome"; readonly frame: WelcomeFrame }
  | { readonly is: "reply"; readonly id: string; readonly outcome: Outcome }
  | { readonly is: "event"; readonly event: ClientEvent }
  | { readonly is: "passing"; readonly event: PassingEvent }
  | { readonly is: "none" }
  | { readonly is: "breach"; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

const logKinds: readonly string[] = LogEvent.options.map((option) => option.shape.kind.value);

const passingKinds: readonly unknown[] = PassingEvent.options.map(
  (option) => option.shape.kind.value,
);

/** Reads one frame; never throws. */
export function readFrame(data: unknown): Incoming {
  if (typeof data !== "string") return { is: "breach", reason: "a frame that is not text" };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { is: "breach", reason: "a frame that is not JSON" };
  }
  if (typeof value !== "object" || value === null) {
    return { is: "breach", reason: "a frame that is not an object" };
  }
  try {
    return readFields(value as Fields);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { is: "breach", reason: `a frame with a bad ${error.message}` };
  }
}

function readFields(value: Fields): Incoming {
  switch (value.type) {
    case "challenge":
      return { is: "challenge", frame: parse(ChallengeFrame, value, "challenge") };
    case "welcome":
      return { is: "welcome", frame: parse(WelcomeFrame, value, "welcome") };
    case "reply":
      return readReply(value);
    case "event":
      return readEvent(value);
    case "progress":
      parse(ProgressFrame, value, "progress");
      return { is: "none" };
    default:
      if (typeof value.type !== "string") return { is: "breach", reason: "a frame without a type" };
      return { is: "none" };
  }
}

/** A reply whose id is there concerns that call alone, whatever else is wrong with it. */
function readReply(value: Fields): Incoming {
  const { id } = value;
  if (typeof id !== "string") return { is: "breach", reason: "a reply without an id" };
  if (value.error === undefined) return { is: "reply", id, outcome: { output: value.output } };
  const read = ErrorBody.safeParse(value.error);
  const error = read.success
    ? MeshError.fromBody(read.data)
    : new MeshError("malformed", "the broker's error is not one that this version knows");
  return { is: "reply", id, outcome: { error } };
}

/**
 * An event of the log that does not parse keeps its position, so that the reader hears of it and can go on. One without a position is of a
 * later, ephemeral kind and passed over, unless its kind is known to have one.
 */
function readEvent(value: Fields): Incoming {
  if (value.kind === "caught_up") return { is: "event", event: parse(CaughtUp, value, "event") };
  if (passingKinds.includes(value.kind)) {
    const passing = PassingEvent.safeParse(value);
    return passing.success ? { is: "passing", event: passing.data } : { is: "none" };
  }
  const read = LogEvent.safeParse(value);
  if (read.success) return { is: "event", event: read.data };
  const { seq } = value;
  if (typeof seq === "number" && Number.isSafeInteger(seq) && seq >= 1) {
    const reason = malformed(read.error, "event").message;
    return { is: "event", event: { type: "event", kind: "unreadable", seq, reason } };
  }
  if (seq === undefined && typeof value.kind === "string" && !logKinds.includes(value.kind)) {
    return { is: "none" };
  }
  return { is: "breach", reason: "an event without a position" };
}
