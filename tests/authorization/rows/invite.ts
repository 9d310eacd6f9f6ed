import { nextEntry } from "@claudemesh/crypto";
import { Client } from "../../broker/support/client.ts";
import { Joiner } from "../../broker/support/member.ts";
import { learn, openInvite } from "../ready.ts";
import type { Rows } from "../row.ts";
import type { Person, World } from "../world.ts";

const admins = ["admin", "owner"] as const;
const welcome = "A".repeat(64);

/** Someone who holds an invite's code, on the connection of whoever asks. */
async function joiner(world: World) {
  const { code } = await openInvite(world);
  return new Joiner(world.url, world.founder.member.mesh, code);
}

/** An open invite that this person made; by the founder where that is not its right. */
async function ownInvite(by: Person, world: World) {
  await learn(by);
  try {
    return await openInvite(world, by);
  } catch {
    await learn(world.founder);
    return await openInvite(world);
  }
}

/** Invites: whoever holds a code may use it, admins make them, and only who made one says what it opens. */
export const inviteRows: Rows = {
  "invite.chain": [
    {
      may: "anyone",
      elsewhere: "yes",
      thief: "unauthorized",
      ask: async (by, world) => ({ proof: (await joiner(world)).proof(by.client), after: -1 }),
    },
    {
      of: "with another code",
      may: [],
      otherwise: "bad_signature",
      elsewhere: "bad_signature",
      thief: "unauthorized",
      ask: async (by, world) => {
        const holder = await joiner(world);
        const { invite } = await openInvite(world);
        return { proof: { ...holder.proof(by.client), invite }, after: -1 };
      },
    },
  ],
  "invite.claim": [
    {
      may: "anyone",
      elsewhere: "yes",
      thief: "yes",
      ask: async (_by, world) => {
        const holder = await joiner(world);
        const reading = await Client.open(world.url);
        await holder.readChain(reading);
        await reading.close();
        return holder.claim("one more");
      },
    },
    {
      of: "with another code",
      may: [],
      otherwise: "bad_signature",
      elsewhere: "bad_signature",
      thief: "bad_signature",
      ask: async (_by, world) => {
        const holder = await joiner(world);
        const reading = await Client.open(world.url);
        const roster = await holder.readChain(reading);
        await reading.close();
        const { entry, profile } = holder.claim("one more");
        const { invite } = await openInvite(world);
        const body = { ...entry.body, invite };
        const by = { signer: holder.secret.signer, now: Date.now() };
        return { entry: nextEntry(roster, "join", body, by), profile };
      },
    },
  ],
  "invite.create": [
    {
      may: admins,
      elsewhere: "yes",
      thief: "forbidden",
      ask: async (by) => {
        await learn(by);
        const { entry, welcome: blob } = by.member.inviteEntry();
        return { entry, welcome: blob };
      },
    },
    {
      of: "for an owner",
      may: ["owner"],
      elsewhere: "yes",
      thief: "forbidden",
      ask: async (by, world) => {
        const { entry, welcome: blob } = by.member.inviteEntry();
        const body = { ...entry.body, role: "owner" as const };
        return { entry: await world.entry(by, "invite", body), welcome: blob };
      },
    },
  ],
  "invite.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "invite.preview": [
    {
      may: "anyone",
      elsewhere: "yes",
      thief: "yes",
      ask: async (_by, world) => ({ invite: (await openInvite(world)).invite }),
    },
  ],
  "invite.renew": [
    {
      of: "one's own",
      may: admins,
      elsewhere: "yes",
      thief: "not_found",
      ask: async (by, world) => ({ invite: (await ownInvite(by, world)).invite, welcome }),
    },
    {
      of: "another's",
      may: [],
      elsewhere: "not_found",
      thief: "not_found",
      ask: async (_by, world) => ({ invite: (await openInvite(world)).invite, welcome }),
    },
  ],
  "invite.revoke": [
    {
      may: admins,
      elsewhere: "not_found",
      thief: "forbidden",
      ask: async (by, world) => {
        const { invite } = await openInvite(world);
        return { entry: await world.entry(by, "invite_revoke", { invite }) };
      },
    },
  ],
};
