import { z } from "zod";
import { send } from "../ops/message.ts";
import type { Envelope } from "../statements/envelope.ts";
import { canonicalPattern } from "./canonical-pattern.ts";
import { CallFrame } from "./up.ts";

/** A call to send whose input the operation's schema would give back as it is. */
export interface CanonicalSend {
  readonly type: "call";
  readonly id: string;
  readonly op: typeof send.name;
  readonly input: { readonly envelope: Envelope };
}

const text = Symbol("text");

/** One that names a trace is rare, and read like any other frame. */
const untraced = CallFrame.omit({ trace: true });

const read = memo(() =>
  canonicalPattern(untraced.extend({ op: z.literal(send.name), input: send.input }), [
    "id",
    "input.envelope",
    "input.envelope.header",
    "input.envelope.body",
    "input.envelope.sig",
  ]),
);

/**
 * Reads the frame that most frames are: a message, in the text that `JSON.stringify` writes. Undefined for any other text, which says nothing about
 * it. One expression, made from the schemas, stands for parsing, checking and writing it again, which is most of what a message costs a broker.
 */
export function readCanonicalSend(frame: string): CanonicalSend | undefined {
  const { pattern, within } = read();
  if (frame.length > within || !frame.startsWith('{"type":"call","id":"')) return undefined;
  const match = pattern.exec(frame);
  if (match === null) return undefined;
  const [, id, envelope, header, body, sig] = match;
  const value = {
    header: JSON.parse(header as string),
    body: unquoted(body),
    sig: unquoted(sig),
    [text]: envelope,
  };
  return {
    type: "call",
    id: unquoted(id),
    op: send.name,
    input: { envelope: value as unknown as Envelope },
  };
}

/** The canonical text of an envelope: the very text that it was read from, where that is known. */
export const envelopeText = (envelope: Envelope): string =>
  (envelope as { [text]?: string })[text] ?? JSON.stringify(envelope);

const unquoted = (quoted: string | undefined): string => quoted?.slice(1, -1) ?? "";

/** Made at the first use: most programs never read such a frame. */
function memo<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
