import { MeshError } from "@claudemesh/protocol";
import { type Facts, plain, type Seen, type Told } from "./lie.ts";
import type { Person, Stage } from "./stage.ts";

/** Collects what people see. Throws when a reader is shown as verified what its sender never wrote. */
export class Sight {
  readonly #stage: Stage;
  readonly #told: Told[] = [];
  readonly shown: string[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Runs a verb; the error that it ends with is something told. Anything but a `MeshError` is a crash and goes on. */
  async of<T>(verb: () => Promise<T>): Promise<T | undefined> {
    try {
      return await verb();
    } catch (failure) {
      if (!(failure instanceof MeshError)) throw failure;
      this.#told.push({ how: "error", code: failure.code, text: plain(failure.message) });
      return undefined;
    }
  }

  /** Reads a person's inbox: messages and notices. */
  async inboxOf(person: Person): Promise<void> {
    const inbox = await this.of(() => person.read());
    for (const { from, text } of inbox?.items ?? []) {
      const line = `${from.name}: ${text}`;
      if (!this.#stage.written.has(line)) throw new Error(`shown but never written: ${line}`);
      this.shown.push(line);
    }
    for (const { code, text } of inbox?.notices ?? []) {
      this.#told.push({ how: "notice", code, text: plain(text) });
    }
  }

  seen(facts: Facts): Seen {
    return { told: this.#told, facts };
  }
}
