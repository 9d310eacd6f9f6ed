import { Roster } from "@claudemesh/crypto/verify";
import { type MemberId, MeshError, type MeshId, type RosterEntry } from "@claudemesh/protocol";

/** One who is in the mesh would only say it all again, and others would be told of a member without a name. */
export function requireGone(entries: readonly RosterEntry[], id: MeshId, member: MemberId): void {
  const [genesis, ...rest] = entries;
  if (genesis === undefined) throw new MeshError("home_damaged", "the mesh has no roster");
  const roster = Roster.fromGenesis(genesis, id);
  roster.append(rest);
  if (!roster.members.has(member)) {
    throw new MeshError("not_found", "member: nobody of that id was ever in the mesh");
  }
  if (roster.isMember(member)) {
    throw new MeshError(
      "conflict",
      "member: it is in the mesh; it must leave or be removed first",
      {
        hint: "an admin removes it with: claudemesh ban <member>",
      },
    );
  }
}
