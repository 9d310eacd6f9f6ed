import type { EvilLine, Fields, Told, Trick } from "./evil-line.ts";

type Answer = { readonly output: unknown } | { readonly error: Fields };
type Edit<T> = (value: T, line: EvilLine, input: never) => unknown;

/** Several tricks at once: each frame meets them in order. */
export const both = (...tricks: readonly Trick[]): Trick => ({
  down: (frame, line) =>
    tricks.reduce<readonly Told[]>(
      (told, { down }) => told.flatMap((one) => (down && isFrame(one) ? down(one, line) : [one])),
      [frame],
    ),
  up: (frame, line) =>
    tricks.reduce<readonly Fields[]>(
      (sent, { up }) => sent.flatMap((one) => up?.(one, line) ?? [one]),
      [frame],
    ),
});

const isFrame = (told: Told): told is Fields =>
  typeof told === "object" && !(told instanceof Uint8Array);

/** Only towards one member. */
export const only = (member: string, { down, up }: Trick): Trick => ({
  ...(down && { down: (frame, line) => (line.member === member ? down(frame, line) : [frame]) }),
  ...(up && { up: (frame, line) => (line.member === member ? up(frame, line) : [frame]) }),
});

/** Changes the output of an operation's answer; `receipt` is one here. */
export const onReply = <T>(op: string, edit: Edit<T>): Trick => ({
  down: (frame, line) => {
    const call = line.calls.get(String(frame.id));
    if (frame.type !== "reply" || call?.op !== op || frame.output === undefined) return [frame];
    return [{ ...frame, output: edit(frame.output as T, line, call.input as never) }];
  },
});

/** Answers an operation in the broker's place. */
export const inPlaceOf = (
  op: string,
  answer: (input: never, line: EvilLine) => Answer | undefined,
): Trick => ({
  up: (frame, line) => {
    if (frame.type !== (op === "receipt" ? "receipt" : "call")) return [frame];
    if (op !== "receipt" && frame.op !== op) return [frame];
    const made = answer((op === "receipt" ? frame : frame.input) as never, line);
    if (made !== undefined) line.tell({ type: "reply", id: frame.id, ...made });
    return [];
  },
});

/** Refuses an operation with an error that the broker never gave. */
export const refusing = (op: string, code: string, extras: Fields = {}): Trick =>
  inPlaceOf(op, () => ({ error: { code, message: "so says the broker", ...extras } }));

/** Passes an operation on and answers it with an error nevertheless. */
export const denying = (op: string, code: string): Trick => ({
  down: (frame, line) => {
    if (frame.type !== "reply" || line.calls.get(String(frame.id))?.op !== op) return [frame];
    const { output: _output, ...rest } = frame;
    return [{ ...rest, error: { code, message: "so says the broker" } }];
  },
});

/** Changes frames of one type on their way down. */
export const onFrame = (
  type: string,
  edit: (frame: Fields, line: EvilLine) => readonly Told[],
): Trick => ({ down: (frame, line) => (frame.type === type ? edit(frame, line) : [frame]) });

/** Changes events of one kind. */
export const onEvent = (
  kind: string,
  edit: (event: Fields, line: EvilLine) => readonly Told[],
): Trick => onFrame("event", (frame, line) => (frame.kind === kind ? edit(frame, line) : [frame]));

/** Changes the body of events of one kind. */
export const onBody = <T>(kind: string, edit: (body: T, line: EvilLine) => unknown): Trick =>
  onEvent(kind, (event, line) => [{ ...event, body: edit(event.body as T, line) }]);

/** Puts invented events at the end of the back-fill, once; further connections get none. */
export function inventing(make: (line: EvilLine) => readonly Told[]): Trick {
  let isDone = false;
  return onEvent("caught_up", (frame, line) => {
    if (isDone) return [frame];
    isDone = true;
    return [...make(line), frame];
  });
}

/** Invents one event. */
export const inventingEvent = (kind: string, body: (line: EvilLine) => unknown): Trick =>
  inventing((line) => [line.event(kind, body(line))]);
