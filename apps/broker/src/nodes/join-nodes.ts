import type { ApiKeyId, DeviceId, MemberId, MeshId, SessionId } from "@claudemesh/protocol";
import type { KeyLines } from "../api-keys/key-lines.ts";
import type { KeyPresence } from "../api-keys/key-presence.ts";
import type { Connections } from "../connections.ts";
import type { Presence } from "../presence.ts";
import type { MemorySessions } from "../sessions/memory-sessions.ts";
import { type EndOrder, endOrder } from "./everywhere.ts";
import { Nodes, type NodesOptions } from "./nodes.ts";
import type { PlacedSession } from "./placed.ts";

export interface Joined
  extends Omit<NodesOptions, "cameElsewhere" | "describe" | "goneWith" | "looks" | "run"> {
  readonly connections: Connections;
  readonly presence: Presence;
  readonly sessions: MemorySessions;
  readonly keyLines: KeyLines;
  readonly keyPresence: KeyPresence;
  /** a session has gone with its node: whoever is here is told, and its leases end */
  readonly left: (session: PlacedSession) => void;
}

/** Makes of this broker's parts a node beside others: what is here is told to them, and what they tell is done here. */
export function joinNodes(parts: Joined): Nodes {
  const { connections, elsewhere, keyLines, keyPresence, presence, sessions, store } = parts;
  const endMember = (mesh: MeshId, { member, code }: EndOrder) => {
    connections.finishMember(mesh, member, code);
    if (code === 4001) sessions.drop(mesh, member);
  };
  const describe = (mesh: MeshId, subject: string): object | null => {
    const name = subject.slice(2);
    if (subject.startsWith("s:")) {
      const held = sessions.here(mesh, name as SessionId);
      if (held === undefined) return null;
      const { awaySince: _, connection: __, ...known } = held;
      return known;
    }
    if (subject.startsWith("k:")) return keyPresence.placed(mesh, name) ?? null;
    const [member, device] = name.split(" ") as [MemberId, DeviceId];
    const actor = { mesh, member, device };
    return presence.placed(actor, connections.feedOf(actor) !== undefined) ?? null;
  };
  return new Nodes({
    ...parts,
    describe,
    run: (mesh, what, body) => {
      if (what === endOrder) endMember(mesh, body as EndOrder);
    },
    cameElsewhere: (mesh, subject) => {
      if (!subject.startsWith("s:")) return;
      const session = subject.slice(2) as SessionId;
      const placed = elsewhere.session(mesh, session);
      if (placed !== undefined) sessions.moved(mesh, session, placed.attaches);
    },
    goneWith: (gone) => {
      for (const { mesh, subject, was } of gone) {
        if (!subject.startsWith("s:")) continue;
        const isBack = sessions.find(mesh, subject.slice(2) as SessionId) !== undefined;
        if (!isBack) parts.left(was as PlacedSession);
      }
    },
    looks: [
      async () => {
        const ids = keyLines.keys();
        if (ids.length === 0) return;
        for (const id of await store.read.revokedApiKeys(ids)) endKey(id);
      },
    ],
  });

  function endKey(id: ApiKeyId): void {
    keyPresence.drop(id);
    keyLines.endKey(id);
  }
}
