import type { MeshError, PassingEvent, WelcomeFrame } from "@claudemesh/protocol";
import type { Endpoint } from "./endpoint.ts";
import type { Outcome } from "./read-frame.ts";
import type { Timer } from "./timer.ts";
import type { ClientEvent, ClientOptions, LinkState, SocketLike } from "./types.ts";

export interface LinkOptions {
  readonly endpoint: Endpoint;
  readonly member: ClientOptions["member"];
  readonly client: string | undefined;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly timer: Timer;
  readonly connect: (url: string) => SocketLike;
  /** asks why a dial failed, when the socket does not tell */
  readonly explain: ((signal: AbortSignal) => Promise<string | undefined>) | undefined;
  readonly reconnect: boolean;
  readonly connectTimeoutMs: number;
}

/** A connection that is ready for calls. */
export interface Session {
  readonly challenge: string;
  readonly welcome: WelcomeFrame | undefined;
}

export interface LinkEvents {
  state(state: LinkState): void;
  opened(session: Session): void;
  reply(id: string, outcome: Outcome): void;
  event(event: ClientEvent, chars: number): void;
  passing(event: PassingEvent): void;
  /** the connection is gone, and will be tried again */
  lost(error: MeshError): void;
  /** there will be no further connection */
  ended(error: MeshError): void;
}
