import type { ClockState, MeshId, MessageId, Peer, TopicId } from "@claudemesh/protocol";

/** How the connection to a mesh's broker stands: `elsewhere` while another process of this home holds the feed. */
export interface LinkStanding {
  readonly link: "connecting" | "elsewhere" | "open" | "waiting";
  /** since when, ms since the Unix epoch */
  readonly since: number;
  /** connections opened so far */
  readonly connects: number;
  readonly reason?: string;
  /** when it is tried again at the latest */
  readonly retryAt?: number;
}

/** What happens in a device, for whoever looks on. */
export type DeviceEvent =
  | { readonly type: "link"; readonly mesh: MeshId; readonly standing: LinkStanding }
  /** the mesh's simulation clock ticked, or was set */
  | { readonly type: "clock_tick"; readonly mesh: MeshId; readonly clock: ClockState }
  | { readonly type: "message"; readonly mesh: MeshId; readonly id: MessageId }
  /** a skill was shared, changed, removed, trusted, or is not any more */
  | { readonly type: "skills_changed"; readonly mesh: MeshId }
  /** something came over a stream that an agent session has pushed to it */
  | {
      readonly type: "stream_item";
      readonly mesh: MeshId;
      readonly agentSession: string;
      /** one line that says where it came from */
      readonly text: string;
    }
  | RecordChanged
  /** an agent session of this home ended, and why */
  | { readonly type: "session_ended"; readonly agentSession: string; readonly reason: string }
  | PeerNews;

/** A piece of shared data was changed by another member, or by a program with an API key. */
export interface RecordChanged {
  readonly type: "record_changed";
  readonly mesh: MeshId;
  readonly noun: string;
  readonly topic?: TopicId;
  readonly key: string;
}

/** A verified session of another member came, went, or came back. */
export interface PeerNews {
  readonly type: "peer_joined" | "peer_left" | "peer_returned";
  readonly mesh: MeshId;
  readonly at: number;
  readonly peer: Peer;
  /** of one that came back: when it was last seen, and what it worked on */
  readonly lastSeenAt?: number;
  readonly summary?: string;
}

/** Tells those who listen; a listener must not throw. */
export class DeviceEvents<E extends { readonly type: string } = DeviceEvent> {
  readonly #listeners = new Set<(event: E) => void>();

  /** Calls `listener` for each event from now on; answers a canceller. */
  listen(listener: (event: E) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: E): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
