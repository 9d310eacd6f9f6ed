import type { MeshError, WelcomeFrame } from "@claudemesh/protocol";
import type { Session } from "./link-contract.ts";
import type { Timer } from "./timer.ts";

/** Lets callers wait for the connection: for the first one, or for the one that is open now or next. */
export class SessionGate {
  readonly #timer: Timer;
  readonly #first = Promise.withResolvers<WelcomeFrame | undefined>();
  #session: Session | undefined;
  #ended: MeshError | undefined;
  readonly #waiting = new Set<{ open(session: Session): void; end(error: MeshError): void }>();

  constructor(timer: Timer) {
    this.#timer = timer;
    // Nobody has to wait for the first connection; its failure is not an unhandled one.
    this.#first.promise.catch(() => {});
  }

  /** Settles at the first connection or the end. */
  get first(): Promise<WelcomeFrame | undefined> {
    return this.#first.promise;
  }

  open(session: Session): void {
    this.#session = session;
    this.#first.resolve(session.welcome);
    for (const waiting of [...this.#waiting]) waiting.open(session);
  }

  shut(): void {
    this.#session = undefined;
  }

  end(error: MeshError): void {
    this.#session = undefined;
    this.#ended = error;
    this.#first.reject(error);
    for (const waiting of [...this.#waiting]) waiting.end(error);
  }

  /** The challenge of the open connection, or of the next; rejects with `late()` when none opens in time. */
  challenge(timeoutMs: number, late: () => MeshError): Promise<string> {
    if (this.#session !== undefined) return Promise.resolve(this.#session.challenge);
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const done = (): void => {
        cancel();
        this.#waiting.delete(waiting);
      };
      const waiting = {
        open: (session: Session) => {
          done();
          resolve(session.challenge);
        },
        end: (error: MeshError) => {
          done();
          reject(error);
        },
      };
      const cancel = this.#timer(timeoutMs, () => waiting.end(late()));
      this.#waiting.add(waiting);
    });
  }
}
