import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Identity } from "./identity.ts";
import { reminder } from "./wording.ts";

/** The session's JSONL transcript, with the line types of the real one that a reader can build on. */
export class Transcript {
  readonly #identity: Identity;
  readonly #now: () => Date;
  #parent: string | null = null;

  constructor(identity: Identity, now: () => Date) {
    this.#identity = identity;
    this.#now = now;
    mkdirSync(dirname(identity.transcript), { recursive: true });
  }

  /** A line outside the chain of messages: what happened to the queue, the last prompt. */
  note(line: object): void {
    const { session } = this.#identity;
    this.#append({ ...line, timestamp: this.#now().toISOString(), sessionId: session });
  }

  /** A message of the person, a peer, a tool or the model. */
  message(type: "user" | "assistant", message: object, more: object = {}): string {
    return this.#chain({ type, message, ...more });
  }

  /** Something shown to the model beside the messages; `rendered` is its text there. */
  attachment(attachment: object, rendered?: string): void {
    const shown =
      rendered === undefined
        ? {}
        : { rendered: [{ content: reminder(rendered) }], renderedRole: "system" };
    this.#chain({ attachment, type: "attachment", ...shown });
  }

  /** Something that the person is told and the model is not. */
  informational(content: string): void {
    this.#chain({ type: "system", subtype: "informational", content, isMeta: false });
  }

  #chain(line: object): string {
    const { cwd, session, entrypoint } = this.#identity;
    const uuid = randomUUID();
    this.#append({
      parentUuid: this.#parent,
      isSidechain: false,
      ...line,
      uuid,
      timestamp: this.#now().toISOString(),
      userType: "external",
      entrypoint,
      cwd,
      sessionId: session,
      version: "2.1.329",
      gitBranch: "HEAD",
    });
    this.#parent = uuid;
    return uuid;
  }

  #append(line: object): void {
    appendFileSync(this.#identity.transcript, `${JSON.stringify(line)}\n`);
  }
}
