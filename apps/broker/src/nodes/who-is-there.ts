import type { RandomSource } from "@claudemesh/crypto/verify";
import { type MemberId, type MeshId, type PeerEvent, PROTOCOL_VERSION } from "@claudemesh/protocol";
import type { KeyLines } from "../api-keys/key-lines.ts";
import { KeyPresence } from "../api-keys/key-presence.ts";
import type { Audit } from "../audit/audit.ts";
import type { Bus } from "../bus/port.ts";
import type { Connections } from "../connections.ts";
import type { FrozenMeshes } from "../frozen.ts";
import type { GrantBook } from "../grants.ts";
import type { Logger } from "../logger.ts";
import { Presence } from "../presence.ts";
import type { Rosters } from "../rosters.ts";
import { asPeer, type KnownSession } from "../sessions/live-session.ts";
import { MemorySessions } from "../sessions/memory-sessions.ts";
import type { Store } from "../store/port.ts";
import type { Timer } from "../timer.ts";
import { Elsewhere } from "./elsewhere.ts";
import { Everywhere } from "./everywhere.ts";
import { joinNodes } from "./join-nodes.ts";
import type { Nodes } from "./nodes.ts";
import { sessionSubject } from "./placed.ts";
import { hearSignals, signalTo } from "./signals.ts";

export interface WhoParts {
  readonly audit: Audit;
  readonly bus: Bus;
  readonly connections: Connections;
  readonly frozen: FrozenMeshes;
  readonly grants: GrantBook;
  readonly keyLines: KeyLines;
  readonly rosters: Rosters;
  readonly store: Store;
  readonly now: () => number;
  readonly random: RandomSource;
  readonly timer: Timer;
  readonly log: Logger;
  /** what all nodes of a database share */
  readonly secret: Uint8Array;
}

export interface WhoIsThere {
  readonly presence: Presence;
  readonly sessions: MemorySessions;
  readonly keyPresence: KeyPresence;
  readonly everywhere: Everywhere;
  /** undefined where this broker has its store to itself */
  readonly nodes: Nodes | undefined;
}

/** Builds what knows who is connected, here and at the other nodes of the same database. */
export function whoIsThere(parts: WhoParts): WhoIsThere {
  const { bus, connections, grants, log, now, rosters, store, timer } = parts;
  const elsewhere = new Elsewhere();
  let nodes: Nodes | undefined;
  const changed = (mesh: MeshId, subject: string) => nodes?.changed(mesh, subject);
  /** Presence is told to those whom a member lets read it. */
  const tellHere = async (mesh: MeshId, member: MemberId, event: PeerEvent): Promise<void> => {
    const [held, roster] = await Promise.all([grants.of(mesh), rosters.open(mesh)]);
    const mayKnow = (other: MemberId) => held.allowed(roster, member, other).includes("read");
    connections.tell(mesh, member, event, mayKnow);
  };
  const tell = (mesh: MeshId, member: MemberId, event: PeerEvent) => {
    if (!connections.isIn(mesh)) return;
    tellHere(mesh, member, event).catch((cause: unknown) =>
      log.warn("presence not told", { mesh, member, cause }),
    );
  };
  const gone = ({ mesh, attestation: { session } }: KnownSession) => {
    store.write
      .releaseLeases({ mesh, session, at: now() })
      .catch((cause: unknown) => log.warn("leases not released", { mesh, session, cause }));
  };
  const listener = {
    gone,
    event: (mesh: MeshId, member: MemberId, event: PeerEvent) => {
      tell(mesh, member, event);
      if (nodes !== undefined)
        bus.publish(signalTo(mesh, "peer"), JSON.stringify({ member, event }));
    },
    expected: (...[actor, session]: Parameters<MemorySessions["expect"]>) => {
      const feed = connections.feedOf(actor);
      feed?.expect(session);
      if (nodes === undefined || feed !== undefined) return;
      bus.publish(signalTo(actor.mesh, "expected"), JSON.stringify({ actor, session }));
    },
    changed: ({ mesh, attestation }: KnownSession) =>
      changed(mesh, sessionSubject(attestation.session)),
  };
  const sessions = new MemorySessions(now, timer, listener, elsewhere);
  const presence = new Presence(elsewhere, changed);
  const keyPresence = new KeyPresence(now, elsewhere, changed);
  const there = { presence, sessions, keyPresence };
  if (bus.kind !== "in-process") {
    nodes = joinNodes({
      ...parts,
      ...there,
      elsewhere,
      version: String(PROTOCOL_VERSION),
      log: (event, cause) => log.warn(event, { cause }),
      left: (session) => {
        gone(session);
        if (!session.info.visible) return;
        const peer = asPeer(session, false);
        const event = { type: "event", kind: "peer_left", at: now(), peer } as const;
        tell(session.mesh, session.member, event);
      },
    });
    hearSignals({ ...parts, ...there, tell });
  }
  return {
    ...there,
    everywhere: new Everywhere(connections, bus, elsewhere, nodes?.orders),
    nodes,
  };
}
