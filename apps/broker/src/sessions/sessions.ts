import type {
  Attestation,
  DeviceId,
  MemberId,
  MeshId,
  PeerEvent,
  SessionId,
  SessionInfo,
} from "@claudemesh/protocol";
import type { Actor } from "../handler.ts";
import type { KnownSession, LiveSession, PresenceChange } from "./live-session.ts";

/** A session's arrival: verified, and stored already. */
export interface Arrival {
  readonly actor: Actor;
  readonly connection: string;
  readonly attestation: Attestation;
  /** for which time it is attached */
  readonly attaches: number;
  readonly info: SessionInfo;
  /** the store knew it before: the broker has restarted, or it was away for long */
  readonly wasKnown: boolean;
}

/** Told of what happens to sessions; nothing waits for the answer. */
export interface SessionListener {
  /** something to tell to every other member of a mesh that listens */
  readonly event?: (mesh: MeshId, member: MemberId, event: PeerEvent) => void;
  /** a session is gone, and its leases with it */
  readonly gone?: (session: LiveSession) => void;
  /** it has come, changed or gone; other nodes are told */
  readonly changed?: (session: LiveSession) => void;
  /** a device's feed is to carry what is addressed to a session of it */
  readonly expected?: (actor: Actor, session: SessionId) => void;
}

/** Who is attached now, here or at another node. */
export interface Sessions {
  /** Says that a session will attach, before it is stored: from now on nothing addressed to it may pass its device by. */
  expect(actor: Actor, session: SessionId): void;
  /** Sessions that a device has said it would attach since this node started. */
  expected(actor: Actor): readonly SessionId[];
  /** Attaches or renews; whatever stood in its place is replaced at once. Answers whether it was here before. Throws `rate_limited` over the number a device may have. */
  attach(arrival: Arrival): boolean;
  /** Ends a session of the actor's device for good; false when it is not attached. */
  detach(actor: Actor, session: SessionId): boolean;
  /** Ends a member's sessions, or one of them, whatever device they are of. */
  drop(mesh: MeshId, member: MemberId, session?: SessionId): void;
  /** The connection has ended: its sessions have `limits.sessionGraceMs` to come back. */
  lost(connection: string): void;
  /** Changes a session of the actor's device; answers how many it was. */
  change(actor: Actor, session: SessionId, change: PresenceChange): number;
  /** Another node has it now; nobody is told. */
  moved(mesh: MeshId, session: SessionId, attaches: number): void;
  /** one that is attached here */
  here(mesh: MeshId, session: SessionId): LiveSession | undefined;
  find(mesh: MeshId, session: SessionId): KnownSession | undefined;
  list(mesh: MeshId): KnownSession[];
  countOf(mesh: MeshId, member: MemberId, device?: DeviceId): number;
}
