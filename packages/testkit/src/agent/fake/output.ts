import { randomUUID } from "node:crypto";
import type { Identity } from "./identity.ts";

/** What the person's side sees: JSON events in print mode, lines of text in a terminal. */
export class Output {
  readonly #identity: Identity;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  event(event: object, plain?: string): void {
    if (this.#identity.entrypoint === "cli") {
      if (plain !== undefined) console.log(plain);
      return;
    }
    const ids = { session_id: this.#identity.session, uuid: randomUUID() };
    console.log(JSON.stringify({ ...event, ...ids }));
  }

  /** The debug log: on stderr, where nobody mistakes it for an event. */
  readonly log = (text: string): void => {
    console.error(`[fake] ${text}`);
  };
}
