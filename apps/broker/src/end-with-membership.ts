import type { KeyLines } from "./api-keys/key-lines.ts";
import type { Connections } from "./connections.ts";
import type { FrozenMeshes } from "./frozen.ts";
import type { Rosters } from "./rosters.ts";
import type { Sessions } from "./sessions/sessions.ts";

export interface WithMembership {
  readonly connections: Connections;
  readonly frozen: FrozenMeshes;
  readonly keyLines: KeyLines;
  readonly rosters: Rosters;
  readonly sessions: Sessions;
}

/** Ends what is held open at this node by whoever a roster entry, of whichever node, takes it from; and everything of a mesh that is frozen. */
export function endWithMembership(parts: WithMembership): void {
  const { connections, frozen, keyLines, rosters, sessions } = parts;
  frozen.onFreeze((mesh) => {
    connections.finishMesh(mesh, 4011);
    keyLines.endMesh(mesh, 4011);
  });
  rosters.onChange((roster, entry) => {
    if (entry.type === "remove") {
      sessions.drop(roster.mesh, entry.body.member);
      connections.finishMember(roster.mesh, entry.body.member, 4002);
      keyLines.endOwner(roster.mesh, entry.body.member, 4006);
    }
    if (entry.type === "topic_remove") {
      // What its keys follow is looked at anew when they come back.
      keyLines.endOwner(roster.mesh, entry.body.member, 1012);
    }
    if (entry.type === "rekey") {
      // What was signed with the keys before is void; a device that has the new ones comes back by itself.
      sessions.drop(roster.mesh, entry.body.member);
      connections.finishMember(roster.mesh, entry.body.member, 1000);
    }
    const revoker =
      entry.type === "session_revoke" ? roster.memberByKey(entry.author)?.id : undefined;
    if (entry.type === "session_revoke" && revoker !== undefined) {
      sessions.drop(roster.mesh, revoker, entry.body.session);
    }
  });
}
