import type { Block, ModelMessage } from "../stage/model-request.ts";

/** What the model is sent: messages in order, with what comes beside them gathered into one system message. */
export class Conversation {
  readonly #messages: ModelMessage[] = [];
  readonly #beside: string[] = [];

  get messages(): readonly ModelMessage[] {
    this.#flush();
    return [...this.#messages];
  }

  add(role: "user" | "assistant", content: string | readonly Block[]): void {
    this.#flush();
    this.#messages.push({ role, content });
  }

  /** Lines to show beside the message added last. */
  beside(lines: readonly string[]): void {
    this.#beside.push(...lines);
  }

  #flush(): void {
    if (this.#beside.length === 0) return;
    this.#messages.push({ role: "system", content: this.#beside.splice(0).join("\n\n") });
  }
}
