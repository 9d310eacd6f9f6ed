/**
 * Where a connection stands. `paused`: closed by this side until the reader of events has caught up; `refused`: the hello was
 * refused and the broker is about to close.
 */
export type Phase = "dialling" | "greeting" | "refused" | "open" | "waiting" | "paused" | "closed";

/** What can happen to it: three by the broker's frames (`spoke` is any other frame), four by this side. */
export type Signal =
  | "challenged"
  | "welcomed"
  | "refused"
  | "spoke"
  | "dial"
  | "lost"
  | "pause"
  | "end";

/** A phase to go to, a signal that means nothing here, or a frame that the broker may not send now. */
export type Step = Phase | "ignore" | "breach";

type Row = Readonly<Record<Signal, Step>>;

const idle: Row = {
  challenged: "ignore",
  welcomed: "ignore",
  refused: "ignore",
  spoke: "ignore",
  dial: "dialling",
  lost: "ignore",
  pause: "ignore",
  end: "closed",
};

const busy: Row = {
  challenged: "breach",
  welcomed: "breach",
  refused: "breach",
  spoke: "breach",
  dial: "ignore",
  lost: "waiting",
  pause: "ignore",
  end: "closed",
};

const transitions: Readonly<Record<Phase, Row>> = {
  dialling: { ...busy, challenged: "greeting" },
  greeting: { ...busy, welcomed: "open", refused: "refused" },
  refused: { ...busy, spoke: "ignore" },
  open: { ...busy, spoke: "open", pause: "paused" },
  waiting: idle,
  paused: idle,
  closed: { ...idle, dial: "ignore", end: "ignore" },
};

/** The one table of what follows on what. */
export const step = (phase: Phase, signal: Signal): Step => transitions[phase][signal];
