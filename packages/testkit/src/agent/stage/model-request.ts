export interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: string | readonly Block[];
  readonly [key: string]: unknown;
}

export interface ModelMessage {
  readonly role: "user" | "assistant" | "system";
  readonly content: string | readonly Block[];
}

export interface ModelBody {
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly { readonly name: string }[];
  readonly stream?: boolean;
  readonly [key: string]: unknown;
}

/** One request as it reached the model's endpoint: exactly what the model would see. */
export interface ModelRequest {
  readonly body: ModelBody;
  readonly session: string | undefined;
  /** a request beside the conversation: a title, a quota check, a token count */
  readonly auxiliary: boolean;
}

/** The conversation itself is what comes with the Bash tool; everything else runs beside it. */
export const isAuxiliary = (body: ModelBody): boolean =>
  !(body.tools ?? []).some((tool) => tool.name === "Bash");

const textOf = (content: string | readonly Block[]): string =>
  typeof content === "string"
    ? content
    : content
        .map((block) => block.text ?? (block.content === undefined ? "" : textOf(block.content)))
        .filter((text) => text !== "")
        .join("\n");

export interface Seen {
  readonly role: ModelMessage["role"];
  readonly text: string;
}

/** The messages of a request as plain text, one item per message. Tool uses have none. */
export const seenBy = (request: ModelRequest): readonly Seen[] =>
  request.body.messages.map((message) => ({ role: message.role, text: textOf(message.content) }));

/** What one request shows that the one before it did not: the messages after the last answer of the model. */
export function newIn(request: ModelRequest): readonly Seen[] {
  const messages = seenBy(request);
  const last = messages.findLastIndex((message) => message.role === "assistant");
  return messages.slice(last + 1);
}
