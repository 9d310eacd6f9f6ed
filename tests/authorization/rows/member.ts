import { signGrants, signProfile } from "@claudemesh/crypto";
import type { MemberId } from "@claudemesh/protocol";
import type { Client } from "../../broker/support/client.ts";
import type { TestMember } from "../../broker/support/member.ts";
import { learn, removalOf } from "../ready.ts";
import type { Rows } from "../row.ts";
import type { Person } from "../world.ts";

const admins = ["admin", "owner"] as const;
const unknown = { elsewhere: "not_found", thief: "forbidden" } as const;
let version = 1;

const profileBy = (by: Person, of: Person) =>
  signProfile(
    {
      mesh: by.member.mesh,
      member: of.member.id,
      version: ++version,
      fields: { displayName: `name ${version}` },
      at: Date.now(),
    },
    by.member.secret.signer,
  );

const grantsBy = (by: Person, of: Person, about: Person) =>
  signGrants(
    {
      mesh: by.member.mesh,
      member: of.member.id,
      version: ++version,
      rules: [{ member: about.member.id, capabilities: ["read", "dm"] }],
      at: Date.now(),
    },
    by.member.secret.signer,
  );

/** Acts on members, and what each says of itself. */
export const memberRows: Rows = {
  "grant.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "grant.set": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "malformed",
      ask: (by, { target }) => ({ grants: grantsBy(by, by, target) }),
    },
    {
      of: "in another's name",
      may: [],
      elsewhere: "forbidden",
      thief: "malformed",
      ask: (by, { target }) => ({ grants: grantsBy(by, target, by) }),
    },
  ],
  "member.ban": [
    {
      may: admins,
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject();
        await learn(by);
        return { entry: await world.entry(by, "remove", await removalOf(by, member)) };
      },
    },
    {
      of: "an owner",
      may: ["owner"],
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject("owner");
        await learn(by);
        return { entry: await world.entry(by, "remove", await removalOf(by, member)) };
      },
    },
    {
      of: "by an entry of another's",
      may: [],
      elsewhere: "forbidden",
      thief: "forbidden",
      ask: async (_by, world) => {
        const { founder } = world;
        const { id: member } = await world.subject();
        return { entry: await world.entry(founder, "remove", await removalOf(founder, member)) };
      },
    },
  ],
  "member.disconnect": [
    {
      elsewhere: "not_found",
      thief: "not_found",
      traceless: true,
      ask: async (_by, world) => ({ members: [await connected(await world.subject())] }),
    },
  ],
  "member.kick": [
    {
      elsewhere: "not_found",
      thief: "not_found",
      traceless: true,
      ask: async (_by, world) => ({ members: [await connected(await world.subject())] }),
    },
    {
      of: "an owner",
      may: ["owner"],
      elsewhere: "not_found",
      thief: "not_found",
      traceless: true,
      ask: async (_by, world) => ({ members: [await connected(await world.subject("owner"))] }),
    },
    {
      of: "an owner, among others",
      may: ["owner"],
      elsewhere: "not_found",
      thief: "not_found",
      traceless: true,
      ask: async (_by, world) => ({
        members: [
          await connected(await world.subject()),
          await connected(await world.subject("owner")),
        ],
      }),
    },
  ],
  "member.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "member.permissions": [
    {
      may: admins,
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject();
        const body = { member, role: "member", permissions: { vault: false } } as const;
        return { entry: await world.entry(by, "role", body) };
      },
    },
    {
      of: "one's own",
      may: ["owner"],
      elsewhere: "yes",
      thief: "forbidden",
      ask: async (by, world) => {
        await learn(by);
        const role = by.member.roster.members.get(by.member.id)?.role ?? "owner";
        const body = { member: by.member.id, role, permissions: { kick: true } };
        return { entry: await world.entry(by, "role", body) };
      },
    },
  ],
  "member.role": [
    {
      may: admins,
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject();
        return { entry: await world.entry(by, "role", { member, role: "guest" }) };
      },
    },
    {
      of: "to admin",
      may: ["owner"],
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject();
        return { entry: await world.entry(by, "role", { member, role: "admin" }) };
      },
    },
  ],
  "member.unban": [
    {
      may: ["owner"],
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject();
        const { founder } = world;
        const entry = await world.entry(founder, "remove", await removalOf(founder, member));
        await founder.client.call("member.ban", { entry });
        return { entry: await world.entry(by, "restore", { member }) };
      },
    },
  ],
  "member.update": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "malformed",
      ask: (by) => ({ profile: profileBy(by, by) }),
    },
    {
      of: "another's",
      may: [],
      elsewhere: "forbidden",
      thief: "malformed",
      ask: (by, { target }) => ({ profile: profileBy(by, target) }),
    },
  ],
};

/** A member's id, once it is connected. */
async function connected(member: TestMember) {
  const line = lines.get(member.id);
  if (line === undefined || line.socket.readyState !== line.socket.OPEN) {
    lines.set(member.id, await member.connect());
  }
  return member.id;
}

const lines = new Map<MemberId, Client>();
