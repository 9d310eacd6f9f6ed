import {
  buildGenesis,
  createIdentitySeed,
  createMeshKey,
  deriveMember,
  keyCommitment,
  memberIdOf,
  newSessionId,
  Roster,
  signProfile,
  systemRandom,
  toBase64,
} from "@claudemesh/crypto";
import { audienceOf as audienceOfMember } from "@claudemesh/protocol";
import { learn, newKey, openInvite, rekeyOf, someTopic } from "../ready.ts";
import type { Rows } from "../row.ts";
import type { Person, World } from "../world.ts";

const admins = ["admin", "owner"] as const;
const taken = { elsewhere: "yes", thief: "forbidden" } as const;
const unknown = { elsewhere: "not_found", thief: "forbidden" } as const;
let nth = 0;

/** The mesh itself, and the entries of its chain that no other operation brings. */
export const meshRows: Rows = {
  "mesh.confirm": [
    {
      of: "of a mesh that was not restored",
      may: [],
      but: { owner: "conflict" },
      elsewhere: "conflict",
      thief: "forbidden",
      ask: async (by, world) => {
        await learn(by);
        const commitment = await newKey(by);
        const { length: number } = by.member.roster.epochs;
        return { entry: await world.entry(by, "epoch", { number, commitment }) };
      },
    },
  ],
  "mesh.create": [{ may: "anyone", elsewhere: "yes", thief: "yes", ask: () => aMesh() }],
  "mesh.info": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "mesh.leave": [
    {
      may: "all",
      last: true,
      elsewhere: "yes",
      thief: "malformed",
      ask: async (by, world) => ({
        entry: await world.entry(by, "remove", { member: by.member.id }),
      }),
    },
    {
      of: "for another",
      may: [],
      otherwise: "malformed",
      elsewhere: "malformed",
      thief: "malformed",
      ask: async (by, world) => ({
        entry: await world.entry(by, "remove", { member: world.target.member.id }),
      }),
    },
  ],
  "mesh.ping": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "malformed",
      ask: (by) => ({ probe: by.member.message(by.member, "ping", { kind: "probe" }) }),
    },
    {
      of: "to another",
      may: [],
      otherwise: "malformed",
      elsewhere: "malformed",
      thief: "malformed",
      ask: (by, { target }) => ({
        probe: by.member.message(by.member, "ping", {
          kind: "probe",
          to: audienceOfMember(target.member.id),
        }),
      }),
    },
  ],
  "mesh.rename": [
    {
      may: ["owner"],
      ...taken,
      ask: async (by, world) => ({
        entry: await world.entry(by, "policy", { name: `name ${++nth}` }),
      }),
    },
  ],
  "mesh.settings": [
    {
      may: admins,
      ...taken,
      ask: async (by, world) => ({
        entry: await world.entry(by, "policy", { retentionDays: 30 + ++nth }),
      }),
    },
  ],
  "roster.append": [
    {
      of: "a new mesh key",
      may: admins,
      ...taken,
      ask: async (by, world) => {
        await learn(by);
        const commitment = await newKey(by);
        const { length: number } = by.member.roster.epochs;
        return { entry: await world.entry(by, "epoch", { number, commitment }) };
      },
    },
    {
      of: "another's new keys",
      may: ["owner"],
      elsewhere: "not_found",
      thief: "forbidden",
      ask: (by, world) => rekeyed(by, world),
    },
    {
      of: "the end of a session",
      may: "all",
      ...taken,
      ask: async (by, world) => ({
        entry: await world.entry(by, "session_revoke", { session: newSession() }),
      }),
    },
    {
      of: "a private topic of one's own",
      may: ["member", "lead", "admin", "owner", "revoked"],
      ...taken,
      ask: async (by, world) => ({
        entry: await world.entry(by, "topic_add", {
          topic: someTopic(),
          member: by.member.id,
          role: "lead",
        }),
      }),
    },
    {
      of: "another into the lead's private topic",
      may: ["lead", ...admins],
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject();
        const { topic } = world.topics.closed;
        return { entry: await world.entry(by, "topic_add", { topic, member, role: "member" }) };
      },
    },
    {
      of: "another out of the lead's private topic",
      may: ["lead", ...admins],
      ...unknown,
      ask: async (by, world) => {
        const { id: member } = await world.subject();
        const { topic } = world.topics.closed;
        const lead = world.person("lead");
        const entry = await world.entry(lead, "topic_add", { topic, member, role: "member" });
        await lead.client.call("roster.append", { entry });
        return { entry: await world.entry(by, "topic_remove", { topic, member }) };
      },
    },
    {
      of: "a new key of the lead's private topic",
      may: ["lead"],
      ...unknown,
      ask: (by, world) => topicKey(by, world),
    },
    {
      of: "what has an operation of its own",
      may: [],
      otherwise: "malformed",
      elsewhere: "malformed",
      thief: "malformed",
      ask: async (by, world) => {
        const { invite } = await openInvite(world);
        return { entry: await world.entry(by, "invite_revoke", { invite }) };
      },
    },
  ],
  "roster.repeat": [
    {
      of: "to a mesh that was not restored",
      may: [],
      otherwise: "conflict",
      elsewhere: "conflict",
      thief: "conflict",
      ask: ({ member }, world) => ({
        mesh: world.founder.member.mesh,
        entries: [member.next("session_revoke", { session: newSession() })],
      }),
    },
  ],
};

const newSession = () => newSessionId(systemRandom);

function aMesh() {
  const nonce = toBase64(systemRandom(32));
  const secret = deriveMember(createIdentitySeed(systemRandom), { genesisNonce: nonce }, 0);
  const { keys, signer } = secret;
  const commitment = keyCommitment("", createMeshKey(systemRandom));
  const at = Date.now();
  const genesis = buildGenesis({ name: "third", keys, nonce, commitment, at, signer });
  const { mesh } = Roster.fromGenesis(genesis);
  const place = { mesh, member: memberIdOf(genesis), version: 1, at };
  return { genesis, profile: signProfile({ ...place, fields: { displayName: "new" } }, signer) };
}

/** Replaces the keys of a new member by ones that the caller has drawn. */
async function rekeyed(by: Person, world: World) {
  const newcomer = await world.subject();
  await learn(by);
  return { entry: await world.entry(by, "rekey", await rekeyOf(by, newcomer)) };
}

/** A new key of the lead's private topic, with a row for everyone who is in it. */
async function topicKey(by: Person, world: World) {
  await learn(by);
  const { topic } = world.topics.closed;
  const known = by.member.roster.topics.get(topic);
  const recipients = known ? [...known.members.keys()] : [by.member.id];
  const commitment = await newKey(by, recipients);
  const version = (known?.version ?? 0) + 1;
  return { entry: await world.entry(by, "topic_key", { topic, version, commitment }) };
}
