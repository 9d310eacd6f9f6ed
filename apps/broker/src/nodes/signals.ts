import type { ApiKeyId, MemberId, MeshId, PeerEvent, SessionId } from "@claudemesh/protocol";
import type { KeyLines } from "../api-keys/key-lines.ts";
import type { KeyPresence } from "../api-keys/key-presence.ts";
import type { Audit } from "../audit/audit.ts";
import type { Bus } from "../bus/port.ts";
import type { Connections } from "../connections.ts";
import type { FreezeProof, FrozenMeshes } from "../frozen.ts";
import type { Actor } from "../handler.ts";

/** What nodes tell each other besides that the log has grown: a presence event, a session that will attach, an API key that was revoked, a change that the audit chain tells, and a log that has lost entries. */
type Signal = "audit" | "expected" | "frozen" | "key" | "peer";

/** The subject of a signal. */
export const signalTo = (mesh: MeshId, what: Signal): string => `${mesh}.${what}`;

interface Hearing {
  readonly audit: Audit;
  readonly bus: Bus;
  readonly connections: Connections;
  readonly frozen: FrozenMeshes;
  readonly keyLines: KeyLines;
  readonly keyPresence: KeyPresence;
  readonly tell: (mesh: MeshId, member: MemberId, event: PeerEvent) => void;
}

/** Does this node's part of what the others signal, and tells them when it freezes a mesh. */
export function hearSignals(parts: Hearing): void {
  const { audit, bus, connections, frozen, keyLines, keyPresence, tell } = parts;
  const hear = (what: Signal, act: (mesh: MeshId, payload: string) => void) => {
    bus.subscribe(`*.${what}`, (payload, subject) => {
      act(subject.slice(0, subject.indexOf(".")) as MeshId, payload);
    });
  };
  hear("audit", (mesh) => audit.record(mesh));
  hear("expected", (_, payload) => {
    const { actor, session } = JSON.parse(payload) as { actor: Actor; session: SessionId };
    connections.feedOf(actor)?.expect(session);
  });
  hear("frozen", (mesh, payload) => void frozen.freeze(mesh, JSON.parse(payload) as FreezeProof));
  frozen.onFreeze((mesh, proof) => bus.publish(signalTo(mesh, "frozen"), JSON.stringify(proof)));
  hear("key", (_, payload) => {
    keyPresence.drop(payload as ApiKeyId);
    keyLines.endKey(payload as ApiKeyId);
  });
  hear("peer", (mesh, payload) => {
    const { event, member } = JSON.parse(payload) as { event: PeerEvent; member: MemberId };
    tell(mesh, member, event);
  });
}
