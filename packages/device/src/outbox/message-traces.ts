import type { MessageId } from "@claudemesh/protocol";

/** More than wait at once in any home that is online; the oldest is forgotten first. */
const most = 1_000;

/** Of whose trace the handing over of a message is a part, also where another part of the device hands it over; for as long as this process runs. */
export class MessageTraces {
  readonly #traces = new Map<MessageId, string>();

  note(id: MessageId, trace: string | undefined): void {
    if (trace === undefined) return;
    this.#traces.set(id, trace);
    const [oldest] = this.#traces.keys();
    if (this.#traces.size > most && oldest !== undefined) this.#traces.delete(oldest);
  }

  /** As options of the call that hands it over. */
  of(id: MessageId): { readonly trace?: string } {
    const trace = this.#traces.get(id);
    return trace === undefined ? {} : { trace };
  }

  forget(id: MessageId): void {
    this.#traces.delete(id);
  }
}
