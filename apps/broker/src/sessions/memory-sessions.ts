import {
  type DeviceId,
  limits,
  type MemberId,
  MeshError,
  type MeshId,
  type SessionId,
} from "@claudemesh/protocol";
import type { Actor } from "../handler.ts";
import { Elsewhere } from "../nodes/elsewhere.ts";
import type { Timer } from "../timer.ts";
import { Departed, type Gone } from "./departed.ts";
import {
  asPeer,
  changed,
  type KnownSession,
  type LiveSession,
  type PresenceChange,
  shownInfo,
} from "./live-session.ts";
import type { Arrival, SessionListener, Sessions } from "./sessions.ts";

const sweepMs = 1_000;
/** After a start everyone comes back: for so long nobody is told of sessions that were known before. */
const quietMs = 60_000;

const deviceKey = ({ mesh, member, device }: Actor) => `${mesh} ${member} ${device}`;

/** The sessions of this node, in its memory, beside what is known of the others. */
export class MemorySessions implements Sessions {
  readonly #now: () => number;
  readonly #listener: SessionListener;
  readonly #startedAt: number;
  readonly #elsewhere: Pick<Elsewhere, "session" | "sessions">;
  readonly #stopSweep: () => void;
  readonly #meshes = new Map<MeshId, Map<SessionId, LiveSession>>();
  readonly #byConnection = new Map<string, Set<LiveSession>>();
  readonly #expected = new Map<string, Set<SessionId>>();
  readonly #departed = new Departed();

  constructor(
    now: () => number,
    timer: Timer,
    listener: SessionListener,
    elsewhere: Pick<Elsewhere, "session" | "sessions"> = new Elsewhere(),
  ) {
    this.#now = now;
    this.#elsewhere = elsewhere;
    this.#listener = listener;
    this.#startedAt = now();
    this.#stopSweep = timer.every(sweepMs, () => this.#sweep());
  }

  stop(): void {
    this.#stopSweep();
  }

  expect(actor: Actor, session: SessionId): void {
    const key = deviceKey(actor);
    this.#expected.set(key, (this.#expected.get(key) ?? new Set()).add(session));
    this.#listener.expected?.(actor, session);
  }

  expected(actor: Actor): readonly SessionId[] {
    return [...(this.#expected.get(deviceKey(actor)) ?? [])];
  }

  attach({ actor, connection, attestation, attaches, info, wasKnown }: Arrival): boolean {
    const { mesh, member, device } = actor;
    const now = this.#now();
    const held = this.here(mesh, attestation.session);
    const shown = shownInfo(info, now);
    if (held !== undefined) {
      this.#move(held, connection);
      const { visible } = held.info;
      const since = { lastSeenAt: now, awaySince: undefined };
      Object.assign(held, { attestation, attaches, info: shown, ...since });
      this.#listener.changed?.(held);
      this.#tellVisibility(held, visible);
      return true;
    }
    const ghost = info.previous && this.here(mesh, info.previous);
    const isGhost = ghost?.member === member && ghost.device === device;
    if (!isGhost && this.countOf(mesh, member, device) >= limits.sessionsPerDevice) {
      throw new MeshError("rate_limited", "this device has too many sessions", {
        retryAfterMs: limits.sessionGraceMs,
      });
    }
    if (isGhost) this.#remove(ghost);
    const before = this.#elsewhere.session(mesh, attestation.session);
    const session: LiveSession = {
      mesh,
      member,
      device,
      attestation,
      attaches,
      info: shown,
      connectedAt: before?.connectedAt ?? now,
      lastSeenAt: now,
      connection,
      awaySince: undefined,
    };
    const sessions = this.#meshes.get(mesh) ?? new Map<SessionId, LiveSession>();
    this.#meshes.set(mesh, sessions.set(attestation.session, session));
    this.#move(session, connection);
    this.#listener.changed?.(session);
    if (before !== undefined) {
      // It comes from another node, whose others know that it is here.
      this.#tellVisibility(session, before.info.visible);
      return true;
    }
    const gone =
      this.#departed.take(mesh, member, attestation.session) ??
      this.#departed.take(mesh, member, info.previous);
    const isReturn = gone !== undefined || wasKnown;
    const isQuiet = wasKnown && gone === undefined && now - this.#startedAt < quietMs;
    if (shown.visible && !isQuiet) this.#tellArrival(session, gone);
    return isReturn;
  }

  detach(actor: Actor, session: SessionId): boolean {
    const held = this.here(actor.mesh, session);
    if (held?.member !== actor.member || held.device !== actor.device) return false;
    this.#leave(held);
    return true;
  }

  drop(mesh: MeshId, member: MemberId, session?: SessionId): void {
    for (const held of this.#here(mesh)) {
      if (held.member !== member) continue;
      if (session === undefined || held.attestation.session === session) this.#leave(held);
    }
  }

  lost(connection: string): void {
    const now = this.#now();
    for (const session of this.#byConnection.get(connection) ?? []) {
      session.awaySince = now;
      session.lastSeenAt = now;
      this.#listener.changed?.(session);
    }
    this.#byConnection.delete(connection);
  }

  change(actor: Actor, session: SessionId, change: PresenceChange): number {
    const held = this.here(actor.mesh, session);
    if (held?.member !== actor.member || held.device !== actor.device) return 0;
    const { visible } = held.info;
    held.info = changed(held.info, change, this.#now());
    held.lastSeenAt = this.#now();
    this.#listener.changed?.(held);
    this.#tellVisibility(held, visible);
    return 1;
  }

  moved(mesh: MeshId, session: SessionId, attaches: number): void {
    const held = this.here(mesh, session);
    if (held === undefined || held.attaches >= attaches) return;
    this.#takeOff(held);
    this.#listener.changed?.(held);
  }

  here(mesh: MeshId, session: SessionId): LiveSession | undefined {
    return this.#meshes.get(mesh)?.get(session);
  }

  find(mesh: MeshId, session: SessionId): KnownSession | undefined {
    return this.here(mesh, session) ?? this.#elsewhere.session(mesh, session);
  }

  list(mesh: MeshId): KnownSession[] {
    const here = this.#here(mesh);
    const elsewhere = this.#elsewhere
      .sessions(mesh)
      .filter(({ attestation }) => this.here(mesh, attestation.session) === undefined);
    return elsewhere.length === 0 ? here : [...here, ...elsewhere];
  }

  #here(mesh: MeshId): LiveSession[] {
    return [...(this.#meshes.get(mesh)?.values() ?? [])];
  }

  countOf(mesh: MeshId, member: MemberId, device?: DeviceId): number {
    return this.#here(mesh).filter(
      (held) => held.member === member && (device === undefined || held.device === device),
    ).length;
  }

  #move(session: LiveSession, connection: string): void {
    this.#byConnection.get(session.connection)?.delete(session);
    session.connection = connection;
    const attached = this.#byConnection.get(connection) ?? new Set();
    this.#byConnection.set(connection, attached.add(session));
  }

  #sweep(): void {
    const now = this.#now();
    for (const sessions of this.#meshes.values()) {
      for (const session of sessions.values()) {
        const { attestation, awaySince } = session;
        const isAway = awaySince !== undefined && now - awaySince >= limits.sessionGraceMs;
        if (isAway || now >= attestation.notAfter) this.#leave(session);
      }
    }
  }

  #leave(session: LiveSession): void {
    if (session.awaySince === undefined) session.lastSeenAt = this.#now();
    this.#remove(session);
    if (session.info.visible) this.#tell(session, "peer_left");
  }

  /** Ends it without a word to others. */
  #remove(session: LiveSession): void {
    this.#takeOff(session);
    this.#departed.add(session);
    this.#listener.changed?.(session);
    this.#listener.gone?.(session);
  }

  #takeOff(session: LiveSession): void {
    const { mesh, attestation, connection } = session;
    const sessions = this.#meshes.get(mesh);
    sessions?.delete(attestation.session);
    if (sessions?.size === 0) this.#meshes.delete(mesh);
    const attached = this.#byConnection.get(connection);
    attached?.delete(session);
    if (attached?.size === 0) this.#byConnection.delete(connection);
    const expected = this.#expected.get(deviceKey(session));
    expected?.delete(attestation.session);
    if (expected?.size === 0) this.#expected.delete(deviceKey(session));
  }

  #tellArrival(session: LiveSession, gone: Gone | undefined): void {
    if (gone === undefined) {
      this.#tell(session, "peer_joined");
      return;
    }
    const { lastSeenAt } = gone;
    const summary = session.info.summary ?? gone.summary;
    this.#listener.event?.(session.mesh, session.member, {
      type: "event",
      kind: "peer_returned",
      at: this.#now(),
      peer: asPeer(session),
      lastSeenAt,
      ...(summary === undefined ? {} : { summary }),
    });
  }

  /** To others, one that hides has left, and one that shows itself has come. */
  #tellVisibility(session: LiveSession, was: boolean): void {
    const { visible } = session.info;
    if (visible !== was) this.#tell(session, visible ? "peer_joined" : "peer_left");
  }

  #tell(session: LiveSession, kind: "peer_joined" | "peer_left"): void {
    const peer = asPeer(session, kind === "peer_joined");
    const event = { type: "event", kind, at: this.#now(), peer } as const;
    this.#listener.event?.(session.mesh, session.member, event);
  }
}
