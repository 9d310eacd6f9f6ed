import assert from "node:assert/strict";
import { test } from "node:test";
import { MemberRole, MeshError, type RosterEntry } from "@claudemesh/protocol";
import fc from "fast-check";
import { Chain, inviteBody, inviteId, person, sessionIdOf, snapshot } from "./fixture.ts";
import { Model, type Step } from "./model.ts";
import { Roster } from "./roster.ts";

const by = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(5));
const role = fc.constantFrom(...MemberRole.options);
const small = fc.nat(5);
const anyInvite = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    act: fc.constant("invite"),
    by,
    invite: anyInvite,
    role,
    uses: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ act: fc.constant("invite_revoke"), by, invite: anyInvite }),
  { weight: 4, arbitrary: fc.record({ act: fc.constant("join"), by: small, invite: anyInvite }) },
  fc.record({ act: fc.constant("leave"), by }),
  fc.record({ act: fc.constant("name"), by }),
  fc.record({ act: fc.constant("open"), by, open: fc.boolean() }),
  { weight: 3, arbitrary: fc.record({ act: fc.constant("role"), by, to: small, role }) },
  fc.record({ act: fc.constant("role"), by, to: small, role, right: fc.boolean() }),
  fc.record({ act: fc.constant("session"), by, session: fc.nat(1) }),
) as fc.Arbitrary<Step>;

function entryFor(chain: Chain, { ...step }: Step): RosterEntry {
  const who = person(step.by);
  const idOf = (n: number) =>
    chain.roster.memberByKey(person(n).keys.sign)?.id ?? (`mbr_${"0".repeat(64)}` as never);
  switch (step.act) {
    case "invite":
      return chain.next(who, "invite", inviteBody(step.invite, step.role, step.uses));
    case "invite_revoke":
      return chain.next(who, "invite_revoke", { invite: inviteId(step.invite) });
    case "join":
      return chain.nextJoin(who, step.invite);
    case "leave":
      return chain.next(who, "remove", { member: idOf(step.by) });
    case "name":
      return chain.next(who, "policy", { name: "renamed" });
    case "open":
      return chain.next(who, "policy", { whoMayInvite: step.open ? "members" : "admins" });
    case "role": {
      const permissions = step.right === undefined ? {} : { permissions: { invite: step.right } };
      return chain.next(who, "role", { member: idOf(step.to), role: step.role, ...permissions });
    }
    case "session":
      return chain.next(who, "session_revoke", { session: sessionIdOf(step.session) });
  }
}

function accepts(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof MeshError) return false;
    throw error;
  }
}

/** What roster and model should agree on, in the model's terms. */
const factsOf = ({ roster }: Chain) => ({
  members: Array.from({ length: 6 }, (_, n) => roster.memberByKey(person(n).keys.sign)).map(
    (member) => member && [member.role, member.removedSeq === undefined, member.permissions.invite],
  ),
  invites: [...roster.invites.values()].map((one) => [one.id, one.used, one.void, one.revoked]),
});

const factsOfModel = (model: Model) => ({
  members: Array.from({ length: 6 }, (_, n) => model.members.find((one) => one.person === n)).map(
    (member) => member && [member.role, member.in, member.right],
  ),
  invites: model.invites.map((one) => [inviteId(one.invite), one.used, one.over, one.revoked]),
});

/** Two admins and two members, so that random acts meet someone. */
const crowd: readonly Step[] = [
  { act: "invite", by: 0, invite: 0, role: "admin", uses: 3 },
  { act: "invite", by: 0, invite: 1, role: "member", uses: 3 },
  { act: "join", by: 1, invite: 0 },
  { act: "join", by: 2, invite: 0 },
  { act: "join", by: 3, invite: 1 },
  { act: "join", by: 4, invite: 1 },
];
const history = fc
  .tuple(
    fc.boolean().map((crowded) => (crowded ? crowd : [])),
    fc.array(step, { minLength: 10, maxLength: 30 }),
  )
  .map(([before, steps]) => [...before, ...steps]);

test("any history is accepted and refused as the naive model says", () => {
  const seen = { accepted: 0, refused: 0 };
  const property = fc.property(history, (steps) => {
    const chain = new Chain();
    const model = new Model();
    for (const step of steps) {
      const entry = entryFor(chain, step);
      const before = snapshot(chain.roster);
      const accepted = accepts(() => chain.roster.check(entry));
      assert.deepEqual(snapshot(chain.roster), before, "check changed the roster");
      assert.equal(accepted, model.try(step), JSON.stringify(step));
      seen[accepted ? "accepted" : "refused"] += 1;
      if (!accepted) continue;
      chain.roster.apply(entry);
      chain.entries.push(entry);
      assert.deepEqual(factsOf(chain), factsOfModel(model));
    }
    const [genesis, ...rest] = chain.entries;
    assert.ok(genesis);
    const again = Roster.fromGenesis(genesis);
    again.append(JSON.parse(JSON.stringify(rest)));
    assert.deepEqual(snapshot(again), snapshot(chain.roster));
  });
  fc.assert(property, { numRuns: 80 });
  assert.ok(seen.accepted > 200 && seen.refused > 200, JSON.stringify(seen));
});
