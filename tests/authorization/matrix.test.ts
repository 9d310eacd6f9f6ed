import assert from "node:assert/strict";
import { test } from "node:test";
import { createMeshKey, keyCommitment, systemRandom } from "@claudemesh/crypto";
import {
  type AnyOp,
  type EntryOf,
  type MemberRole,
  MeshError,
  ops,
  type RosterEntry,
  wireOpNames,
} from "@claudemesh/protocol";
import { startBroker } from "../broker/support/broker.ts";
import { Client } from "../broker/support/client.ts";
import { addMember, foundMesh, type TestMember } from "../broker/support/member.ts";

type Who = MemberRole | "stranger";
const everyone = ["owner", "admin", "member", "guest", "stranger"] as const;

/** What an operation with an authority of its own is asked for; the rest of its input does not matter to whether it is allowed. */
type Ask = (by: TestMember, subject: TestMember) => Record<string, unknown>;

const epochOf = ({ roster }: TestMember) => ({
  number: roster.epochs.length,
  commitment: keyCommitment(roster.mesh, createMeshKey(systemRandom)),
});

const role =
  (permissions?: EntryOf<"role">["body"]["permissions"]): Ask =>
  (by, { id: member }) => {
    const body = { member, role: "guest" as const, ...(permissions && { permissions }) };
    return { entry: by.next("role", body) };
  };

/** Who may do what, by role; whoever is not named is refused with `forbidden`. */
const rights: Readonly<Record<string, { readonly may: readonly Who[]; readonly ask: Ask }>> = {
  "invite.create": {
    may: ["owner", "admin"],
    ask: (by) => {
      const { entry, welcome } = by.inviteEntry();
      return { entry, welcome };
    },
  },
  "member.ban": {
    may: ["owner", "admin"],
    ask: (by, { id: member }) => ({ entry: by.next("remove", { member, epoch: epochOf(by) }) }),
  },
  "member.disconnect": { may: ["owner", "admin"], ask: (_by, { id }) => ({ members: [id] }) },
  "member.kick": { may: ["owner", "admin"], ask: (_by, { id }) => ({ members: [id] }) },
  "member.permissions": { may: ["owner", "admin"], ask: role({ vault: false }) },
  "member.role": { may: ["owner", "admin"], ask: role() },
  "member.unban": {
    may: ["owner"],
    ask: (by, { id: member }) => ({ entry: by.next("restore", { member }) }),
  },
  "mesh.rename": { may: ["owner"], ask: (by) => ({ entry: by.next("policy", { name: "new" }) }) },
  "mesh.settings": {
    may: ["owner", "admin"],
    ask: (by) => ({ entry: by.next("policy", { retentionDays: 30 }) }),
  },
  "roster.append": {
    may: ["owner", "admin"],
    ask: (by) => ({ entry: by.next("epoch", epochOf(by)) }),
  },
};

async function learn(member: TestMember, client: Client): Promise<void> {
  const { items } = await client.call("roster.list", { after: member.roster.head.seq });
  member.roster.append(items as RosterEntry[]);
}

/** The code that a call ends with; undefined when it succeeds. */
async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof MeshError)) return "closed";
    // Allowed to do it, only not to this one.
    return error.detail?.reason === "subject_not_removed" ? "not now" : error.code;
  }
}

test("without a hello every operation for members is refused, whatever is asked", async () => {
  await using at = await startBroker();
  const client = await Client.open(at.url);
  for (const name of wireOpNames) {
    const { scope }: AnyOp = ops[name];
    const code = await codeOf(client.call(name, {}));
    assert.equal(code === "unauthorized", scope === "member", `${name}: ${code}`);
  }
  await client.close();
});

test("each role may do what the table says, and a removed member and one of another mesh nothing", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const roles = ["admin", "member", "guest"] as const;
  const people = new Map<Who, TestMember>([["owner", alice]]);
  for (const one of roles) people.set(one, await addMember(alice, one));
  const subject = await addMember(alice, "subject");
  const owner = await alice.connect();
  for (const one of roles) {
    const member = people.get(one)?.id;
    assert.ok(member);
    const entry = alice.next("role", { member, role: one });
    await owner.call("member.role", { entry });
    alice.roster.apply(entry);
  }
  const stranger = await foundMesh(at.url, "elsewhere");
  people.set("stranger", stranger);
  const clients = new Map<Who, Client>();
  for (const [who, person] of people) clients.set(who, await person.connect());

  for (const [name, { may, ask }] of Object.entries(rights)) {
    for (const who of everyone) {
      const person = people.get(who);
      const client = clients.get(who);
      assert.ok(person && client);
      await learn(person, client);
      // What one of another mesh asks for here is signed in this one's name, by whoever may.
      const by = who === "stranger" ? alice : person;
      if (who === "stranger") await learn(alice, owner);
      const code = await codeOf(client.call(name, ask(by, subject)));
      const isRefused = code === "forbidden" || (who === "stranger" && code === "not_found");
      assert.equal(!isRefused, may.includes(who), `${name} by ${who}: ${code ?? "done"}`);
    }
  }

  const gone = people.get("member");
  const line = clients.get("member");
  assert.ok(gone && line);
  await learn(gone, line);
  await line.call("mesh.leave", { entry: gone.next("remove", { member: gone.id }) });
  assert.equal((await line.closed).code, 4002);
  const { answer } = await gone.greet("call");
  assert.equal(answer.error?.code, "not_member");
});
