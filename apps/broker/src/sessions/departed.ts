import type { MemberId, MeshId, SessionId } from "@claudemesh/protocol";
import type { LiveSession } from "./live-session.ts";

/** What is remembered of a session that has gone. */
export interface Gone {
  readonly lastSeenAt: number;
  readonly summary: string | undefined;
}

/** sessions remembered; the longest gone is forgotten first */
const most = 10_000;

/** Sessions that have gone, so that one that returns is recognised. */
export class Departed {
  readonly #gone = new Map<string, Gone>();

  add({ mesh, member, attestation, lastSeenAt, info }: LiveSession): void {
    const key = keyOf(mesh, member, attestation.session);
    this.#gone.delete(key);
    this.#gone.set(key, { lastSeenAt, summary: info.summary });
    const [oldest] = this.#gone.size > most ? this.#gone.keys() : [];
    if (oldest !== undefined) this.#gone.delete(oldest);
  }

  /** What is remembered of a member's session, which is then no longer gone. */
  take(mesh: MeshId, member: MemberId, session: SessionId | undefined): Gone | undefined {
    if (session === undefined) return undefined;
    const key = keyOf(mesh, member, session);
    const gone = this.#gone.get(key);
    this.#gone.delete(key);
    return gone;
  }
}

const keyOf = (mesh: MeshId, member: MemberId, session: SessionId) =>
  `${mesh} ${member} ${session}`;
