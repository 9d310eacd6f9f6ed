import {
  MemberRole,
  type PermissionName,
  type Permissions,
  type Policy,
  permissionNames,
} from "@claudemesh/protocol";
import { Chain, inviteBody, inviteId, type Person, person, sessionIdOf } from "../fixture.ts";
import { type ActEntry, mayAppend } from "../may-append.ts";
import { permissionsOf } from "../permissions.ts";
import type { RefusalReason } from "../refusal.ts";

type WhoMayInvite = Policy["whoMayInvite"];
const roles = MemberRole.options;
const policies: readonly WhoMayInvite[] = ["admins", "members"];

/** One question to the table and its answer. */
export interface Cell {
  readonly author: MemberRole;
  readonly policy: WhoMayInvite;
  readonly type: ActEntry["type"];
  /** the role of another whose membership or invite it is about, or the author's own */
  readonly subject?: MemberRole | "self";
  /** the role to invite for or to give; of an invite to be revoked, the role it is for is its maker's */
  readonly role?: MemberRole;
  readonly field?: "name" | "requireE2E";
  readonly permissions?: Permissions;
  readonly lastOwner?: true;
  readonly result: "allowed" | RefusalReason;
}

const author = (role: MemberRole) => person(10 + roles.indexOf(role));
const other = (role: MemberRole) => person(20 + roles.indexOf(role));
const ownInvite = (role: MemberRole) => 100 + roles.indexOf(role);
const othersInvite = (role: MemberRole) => 200 + roles.indexOf(role);
const founder = person(0);

/** A mesh with two of each role; all but guests have made an invite for their own role. */
function crowd(policy: WhoMayInvite): Chain {
  const chain = new Chain(founder);
  chain.add(founder, "policy", { whoMayInvite: "members" });
  for (const [n, role] of roles.entries()) {
    chain.invite(founder, n, role, 2);
    chain.join(author(role), n);
    chain.join(other(role), n);
    if (role === "guest") continue;
    chain.invite(author(role), ownInvite(role), role);
    chain.invite(other(role), othersInvite(role), role);
  }
  chain.add(founder, "policy", { whoMayInvite: policy });
  return chain;
}

const answer = (chain: Chain, entry: ActEntry): Cell["result"] =>
  mayAppend(chain.roster, entry)?.reason ?? "allowed";

function entryFor(chain: Chain, who: Person, cell: Omit<Cell, "result">): ActEntry {
  const { author: own, field, role = "member", subject = "self", type } = cell;
  const member = chain.idOf(subject === "self" ? who : other(subject));
  switch (type) {
    case "invite":
      return chain.next(who, type, inviteBody(999, role));
    case "invite_revoke": {
      const n = subject === "self" ? ownInvite(own) : othersInvite(subject);
      return chain.next(who, type, { invite: inviteId(n) });
    }
    case "policy":
      return chain.next(who, type, field === "name" ? { name: "other" } : { requireE2E: true });
    case "remove":
    case "restore":
      return chain.next(who, type, { member });
    case "epoch":
      return chain.next(who, type, chain.epoch());
    case "rekey":
      return chain.nextRekey(who, subject === "self" ? who : other(subject), person(999));
    case "role":
      return chain.next(who, type, { member, role });
    case "session_revoke":
      return chain.next(who, type, { session: sessionIdOf(1) });
    default:
      throw new Error(`${type} entries have their own cells`);
  }
}

function* questions(): Generator<Pick<Cell, "type" | "subject" | "role" | "field">> {
  for (const role of roles) yield { type: "invite", role };
  const subjects = ["self", ...roles] as const;
  for (const subject of subjects) {
    if (subject !== "guest") yield { type: "invite_revoke", subject };
    yield { type: "remove", subject };
    yield { type: "rekey", subject };
    for (const role of roles) yield { type: "role", subject, role };
  }
  yield { type: "policy", field: "name" };
  yield { type: "policy", field: "requireE2E" };
  yield { type: "session_revoke" };
  yield { type: "epoch" };
}

/** Every author role, policy, entry type and subject. */
export function roleCells(): Cell[] {
  const cells: Cell[] = [];
  for (const policy of policies) {
    const chain = crowd(policy);
    for (const role of roles) {
      for (const question of questions()) {
        const guestsOwn = role === "guest" && question.subject === "self";
        if (guestsOwn && question.type === "invite_revoke") continue;
        const cell = { author: role, policy, ...question };
        cells.push({ ...cell, result: answer(chain, entryFor(chain, author(role), cell)) });
      }
    }
  }
  return cells;
}

const governed = [
  { permission: "invite", type: "invite", role: "guest" },
  { permission: "invite", type: "invite_revoke", subject: "member" },
  { permission: "ban", type: "remove", subject: "guest" },
  { permission: "settings", type: "policy", field: "requireE2E" },
] as const satisfies readonly (Pick<Cell, "type" | "subject" | "role" | "field"> & {
  permission: PermissionName;
})[];

/** The acts that a permission governs, with that permission given or taken by an override. */
export function overrideCells(): Cell[] {
  const cells: Cell[] = [];
  for (const policy of policies) {
    for (const role of roles) {
      for (const { permission, ...question } of governed) {
        for (const allowed of [true, false]) {
          const chain = crowd(policy);
          const permissions = { [permission]: allowed };
          const member = chain.idOf(author(role));
          chain.add(founder, "role", { member, role, permissions });
          const cell = { author: role, policy, ...question, permissions };
          cells.push({ ...cell, result: answer(chain, entryFor(chain, author(role), cell)) });
        }
      }
    }
  }
  return cells;
}

/** What the last owner may do to itself while others are members. */
export function lastOwnerCells(): Cell[] {
  const chain = new Chain(founder);
  chain.invite(founder, 1);
  chain.join(other("member"), 1);
  const about = { author: "owner", policy: "admins", subject: "self", lastOwner: true } as const;
  const cells = [
    { ...about, type: "remove" } as const,
    ...roles.map((role) => ({ ...about, type: "role", role }) as const),
  ];
  return cells.map((cell) => ({ ...cell, result: answer(chain, entryFor(chain, founder, cell)) }));
}

/** The permissions that hold for a role when each is left alone, given or taken. */
export function effectiveRows() {
  return policies.flatMap((whoMayInvite) =>
    roles.flatMap((role) =>
      ([undefined, true, false] as const).map((override) => {
        const permissions =
          override === undefined
            ? {}
            : Object.fromEntries(permissionNames.map((name) => [name, override]));
        const held = permissionsOf({ role, permissions }, { whoMayInvite });
        return {
          role,
          policy: whoMayInvite,
          override: override ?? null,
          holds: permissionNames.filter((name) => held[name]),
        };
      }),
    ),
  );
}
