import { MeshError, type Profile, withAncestors } from "@claudemesh/protocol";
import { didYouMean } from "./edit-distance.ts";
import type { NamedMember } from "./member-names.ts";

const path = /^[a-z0-9-]{1,50}(\/[a-z0-9-]{1,50}){0,7}$/;

/** The path of a group as it is compared: with or without `@`, case aside. Throws `malformed`. */
export function groupPath(typed: string): string {
  const name = typed.trim().replace(/^@/, "").toLowerCase();
  if (path.test(name)) return name;
  throw new MeshError(
    "malformed",
    `group: ${typed} is not the name of a group: small letters, digits and dashes, with / between a group and one below it`,
    { detail: { field: "group" } },
  );
}

/** The groups that a profile names, each once, with those above them. */
export const groupsOf = (profile: Profile | undefined): Set<string> =>
  new Set((profile?.fields.groups ?? []).flatMap(withAncestors));

/** Every group that a current member is in, by its path in order, with its members at any depth. */
export function groupsAmong(members: Iterable<NamedMember>): Map<string, NamedMember[]> {
  const found = new Map<string, NamedMember[]>();
  for (const member of members) {
    if (!member.current) continue;
    for (const group of groupsOf(member.profile)) {
      const among = found.get(group);
      if (among === undefined) found.set(group, [member]);
      else among.push(member);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is said where a group has nobody in it: the groups that there are, and the nearest, or that a member is called so. */
export function noGroup(typed: string, groups: readonly string[], isMember: boolean): MeshError {
  const names = groups.map((group) => `@${group}`);
  const known = names.length === 0 ? "nobody is in a group yet" : `groups: ${names.join(", ")}`;
  const near = didYouMean(`@${typed}`, names);
  const listed = isMember
    ? `${typed} is a member: leave the @ out`
    : "see who is in which: claudemesh group list";
  return new MeshError("no_recipient", `to: nobody is in the group @${typed}; ${known}`, {
    hint: near === undefined ? listed : `did you mean ${near}?`,
    detail: { field: "to", groups, ...(near === undefined ? {} : { didYouMean: near }) },
  });
}
