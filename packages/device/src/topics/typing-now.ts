import {
  audienceOf,
  audienceOfTopic,
  type MemberId,
  type MeshId,
  type Typing,
} from "@claudemesh/protocol";
import type { PostPlace } from "../store/post-place.ts";

/** How long the word that someone writes counts. */
const shownMs = 6_000;
/** how many are kept in mind at most */
const most = 200;

/** Who writes in which topic or dm right now, by the broker's word; nothing of it is stored. */
export class TypingNow {
  readonly #at = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  hear(mesh: MeshId, { member, topic }: Typing): void {
    const place = topic === undefined ? audienceOf(member) : audienceOfTopic(topic);
    const key = `${mesh} ${place} ${member}`;
    this.#at.delete(key);
    this.#at.set(key, this.#now());
    const [oldest] = this.#at.keys();
    if (this.#at.size > most && oldest !== undefined) this.#at.delete(oldest);
  }

  /** The members who write there. */
  in(mesh: MeshId, place: PostPlace): MemberId[] {
    const since = this.#now() - shownMs;
    const lead = `${mesh} ${place} `;
    return [...this.#at]
      .filter(([key, at]) => at > since && key.startsWith(lead))
      .map(([key]) => key.slice(lead.length) as MemberId);
  }
}
