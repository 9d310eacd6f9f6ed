import type { Roster } from "@claudemesh/crypto";
import { fromBase64, toHex } from "@claudemesh/crypto";
import type { MemberId, MeshId, Profile, SignKey } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { type AliasRow, aliasesOf } from "../store/alias-rows.ts";
import type { HomeStore } from "../store/home-store.ts";
import { firstBearers, profilesOf } from "../store/profiles.ts";
import { foldName, nameSkeleton } from "./skeleton.ts";

/** A member with the name to show for it. */
export interface NamedMember {
  readonly id: MemberId;
  /** the display name, with a key suffix where another member showed one that looks like it earlier */
  readonly name: string;
  readonly displayName: string | undefined;
  readonly keyHex: string;
  readonly current: boolean;
  readonly profile: Profile | undefined;
  /** this home's own names for it, as they are compared */
  readonly aliases?: readonly string[];
}

/** A signing key as 64 hex digits; its first 16 are shown to people. */
export const keyHexOf = (key: SignKey): string => toHex(fromBase64(key, "signing key"));

/** As `namedMembers`, by the chain that this home has verified. */
export const namedIn = (
  { rosters, store }: Pick<DeviceContext, "rosters" | "store">,
  mesh: MeshId,
): Map<MemberId, NamedMember> => namedMembers(store, mesh, rosters.of(mesh));

/** Everyone who is or was in the mesh, by member id, named as this home shows them. */
export function namedMembers(
  store: HomeStore,
  mesh: MeshId,
  roster: Roster,
): Map<MemberId, NamedMember> {
  const profiles = profilesOf(store, mesh);
  const bearers = firstBearers(store, mesh);
  const aliases = aliasesOf(store, mesh);
  const named = new Map<MemberId, NamedMember>();
  for (const { id, keys, removedSeq } of roster.members.values()) {
    const keyHex = keyHexOf(keys.sign);
    const profile = profiles.get(id);
    const displayName = profile?.fields.displayName;
    const current = removedSeq === undefined;
    named.set(id, {
      id,
      name: shown(id, keyHex, displayName, bearers),
      displayName,
      keyHex,
      current,
      profile,
      ...(aliases.length === 0 ? {} : { aliases: aliasesFor(id, aliases) }),
    });
  }
  return named;
}

/** Whether someone in the mesh is shown by this name. */
export function isCalled(name: string, members: Iterable<NamedMember>): boolean {
  const folded = foldName(name);
  for (const one of members) if (one.current && foldName(one.name) === folded) return true;
  return false;
}

const aliasesFor = (id: MemberId, aliases: readonly AliasRow[]): string[] =>
  aliases.filter(({ member }) => member === id).map(({ folded }) => folded);

function shown(
  id: MemberId,
  keyHex: string,
  displayName: string | undefined,
  bearers: ReadonlyMap<string, MemberId>,
): string {
  if (displayName === undefined) return keyHex.slice(0, 16);
  const first = bearers.get(nameSkeleton(displayName));
  return first === undefined || first === id
    ? displayName
    : `${displayName} (${keyHex.slice(0, 8)})`;
}
