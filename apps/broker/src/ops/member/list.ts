import type { MemberId, Profile } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";

export const list: Handler<"member.list"> = async (_input, ctx) => {
  const { actor, presence, roster, store } = ctx;
  const [profiles, devices] = await Promise.all([
    store.read.profiles(actor.mesh),
    store.read.devices(actor.mesh),
  ]);
  const grants = await ctx.grants.of(actor.mesh);
  const shows = (member: MemberId) =>
    member === actor.member || grants.allowed(roster, member, actor.member).includes("read");
  const shown = new Map<MemberId, Profile>(profiles.map((profile) => [profile.member, profile]));
  const seen = new Map<MemberId, number>();
  for (const { member, lastSeenAt } of devices) {
    seen.set(member, Math.max(lastSeenAt, seen.get(member) ?? 0));
  }
  const items = [...roster.members.keys()]
    .filter((member) => roster.isMember(member))
    .map((member) => {
      const profile = shown.get(member);
      const lastSeenAt = shows(member) ? seen.get(member) : undefined;
      const connections = shows(member) ? presence.connections(actor.mesh, member) : 0;
      return {
        member,
        ...(profile === undefined ? {} : { profile }),
        online: connections > 0,
        connections,
        ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
      };
    });
  return { items };
};
