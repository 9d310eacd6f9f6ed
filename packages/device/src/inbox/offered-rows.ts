import type { MessageId } from "@claudemesh/protocol";

/** One answer that a reader was given: rows of the inbox by message, and of the notices and gaps in it. */
export interface Answer {
  readonly messages: ReadonlyMap<number, MessageId>;
  readonly notices: readonly number[];
  readonly gaps: readonly number[];
}

export interface ShownRows {
  readonly messages: readonly number[];
  readonly notices: readonly number[];
  readonly gaps: readonly number[];
  /** the answer that they were in, where its notices count as shown with them */
  readonly answer?: Answer;
}

const nothing: Omit<ShownRows, "messages"> = { notices: [], gaps: [] };

/** Whether those who name what was shown mean this answer; one without messages is named by no id. */
const speaksOf = (answer: Answer, messages: readonly number[], wanted?: ReadonlySet<MessageId>) =>
  wanted === undefined ||
  (wanted.size === 0
    ? answer.messages.size === 0
    : messages.some((one) => answer.messages.has(one)));

/** What the readers of one device instance were given and have not confirmed. */
export class OfferedRows {
  readonly #messages = new Map<number, MessageId>();
  #last: Answer | undefined;

  add(answer: Answer): void {
    for (const [position, id] of answer.messages) this.#messages.set(position, id);
    this.#last = answer;
  }

  /** What was shown: the messages of these ids, or else all of the last answer; its notices count as shown with any of its messages. */
  find(ids?: readonly MessageId[]): ShownRows {
    const last = this.#last;
    const wanted = ids === undefined ? undefined : new Set(ids);
    const messages =
      wanted === undefined
        ? [...(last?.messages.keys() ?? [])]
        : [...this.#messages].filter(([, id]) => wanted.has(id)).map(([position]) => position);
    if (last === undefined || !speaksOf(last, messages, wanted)) return { ...nothing, messages };
    return { messages, notices: last.notices, gaps: last.gaps, answer: last };
  }

  /** To be called once it is recorded, so that a failure leaves it to be confirmed again. */
  forget({ messages, answer }: ShownRows): void {
    for (const position of messages) this.#messages.delete(position);
    if (answer !== undefined && answer === this.#last) this.#last = undefined;
  }
}
