import assert from "node:assert/strict";
import { test } from "node:test";
import { MemberRole, permissionNames } from "@claudemesh/protocol";
import { Chain, inviteBody, inviteId, person, refusal } from "./fixture.ts";
import { mayAppend } from "./may-append.ts";
import { permissionsOf } from "./permissions.ts";
import { type Cell, roleCells } from "./vectors/permission-cells.ts";
import { restoreCells } from "./vectors/restore-cells.ts";
import { foundingCells, type TopicCell, topicCells } from "./vectors/topic-cells.ts";

const cells = roleCells();
const allowed = (which: Partial<Cell>) =>
  cells
    .filter((cell) =>
      Object.entries(which).every(([name, value]) => cell[name as keyof Cell] === value),
    )
    .filter((cell) => cell.result === "allowed")
    .map(({ author, subject, role }) => [author, subject, role].filter(Boolean).join(" "));

test("invites are for roles up to one's own, by members only where policy allows", () => {
  const byAdmins = [
    ...["owner owner", "owner admin", "owner member", "owner guest"],
    ...["admin admin", "admin member", "admin guest"],
  ];
  assert.deepEqual(allowed({ type: "invite", policy: "admins" }), byAdmins);
  assert.deepEqual(allowed({ type: "invite", policy: "members" }), [
    ...byAdmins,
    "member member",
    "member guest",
  ]);
});

test("one's own invite can always be revoked, others' by owners and by admins up to their role", () => {
  for (const policy of ["admins", "members"] as const) {
    assert.deepEqual(allowed({ type: "invite_revoke", policy }), [
      ...["owner self", "owner owner", "owner admin", "owner member"],
      ...["admin self", "admin admin", "admin member"],
      "member self",
    ]);
  }
});

test("owners act on all, admins below themselves, everyone may leave", () => {
  assert.deepEqual(allowed({ type: "remove", policy: "admins" }), [
    ...["owner self", "owner owner", "owner admin", "owner member", "owner guest"],
    ...["admin self", "admin member", "admin guest"],
    ...["member self", "guest self"],
  ]);
  const byAdmin = allowed({ type: "role", author: "admin", policy: "admins" });
  assert.deepEqual(byAdmin, [
    ...["admin member member", "admin member guest"],
    ...["admin guest member", "admin guest guest"],
  ]);
  assert.equal(allowed({ type: "role", author: "owner", policy: "admins" }).length, 20);
  assert.equal(allowed({ type: "role", policy: "admins" }).length, 24);
});

test("owners and admins start epochs; keys are replaced by their member, or by an owner", () => {
  assert.deepEqual(allowed({ type: "epoch", policy: "admins" }), ["owner", "admin"]);
  const roles = MemberRole.options;
  assert.deepEqual(allowed({ type: "rekey", policy: "admins" }), [
    ...["owner self", ...roles.map((role) => `owner ${role}`)],
    ...["admin self", "member self", "guest self"],
  ]);
});

test("only owners restore, and only whom another removed", () => {
  const may = restoreCells().filter(({ result }) => result === "allowed");
  assert.deepEqual(
    may.map(({ author, subject }) => [author, subject]),
    [["owner", "removed by another"]],
  );
});

const inTopics = topicCells();
const topicAllowed = (which: Partial<TopicCell>) =>
  inTopics
    .filter((cell) =>
      Object.entries(which).every(([name, value]) => cell[name as keyof TopicCell] === value),
    )
    .filter(({ result }) => result === "allowed")
    .map(({ author, place }) => `${author} ${place}`);

test("a private topic's leads, and owners and admins from anywhere, say who is in it", () => {
  const places = ["lead", "member", "observer", "outside"];
  const byAll = [
    ...places.map((place) => `owner ${place}`),
    ...places.map((place) => `admin ${place}`),
    ...["member lead", "guest lead"],
  ];
  assert.deepEqual(topicAllowed({ type: "topic_add", subject: "another" }), byAll);
  assert.deepEqual(topicAllowed({ type: "topic_remove", subject: "another" }), byAll);
  const roles = MemberRole.options;
  const inside = roles.flatMap((role) => places.slice(0, 3).map((place) => `${role} ${place}`));
  assert.deepEqual(topicAllowed({ type: "topic_remove", subject: "self" }), inside);
});

test("a topic's key is changed by its leads, and by its members when someone has left", () => {
  const leads = MemberRole.options.map((role) => `${role} lead`);
  assert.deepEqual(topicAllowed({ type: "topic_key", keyDue: false }), leads);
  const due = MemberRole.options.flatMap((role) => [`${role} lead`, `${role} member`]);
  assert.deepEqual(topicAllowed({ type: "topic_key", keyDue: true }), due);
});

test("a topic is founded by whoever may manage topics, as its lead and for itself", () => {
  const may = foundingCells().filter(({ result }) => result === "allowed");
  assert.ok(may.every(({ role, subject }) => role === "lead" && subject === "self"));
  assert.deepEqual(
    may.map(({ author, permissions }) => [author, permissions?.topics]),
    [
      ...[true, false].map((topics) => ["owner", topics]),
      ...[
        ["admin", undefined],
        ["admin", true],
        ["member", undefined],
        ["member", true],
      ],
      ["guest", true],
    ].toSpliced(0, 0, ["owner", undefined]),
  );
});

test("only owners rename the mesh; admins change the rest; everyone ends their sessions", () => {
  assert.deepEqual(allowed({ type: "policy", field: "name", policy: "members" }), ["owner"]);
  const rest = allowed({ type: "policy", field: "requireE2E", policy: "members" });
  assert.deepEqual(rest, ["owner", "admin"]);
  assert.deepEqual(allowed({ type: "session_revoke", policy: "admins" }), MemberRole.options);
});

test("overrides give and take, but not beyond what a role can hold, and never from an owner", () => {
  const admins = { whoMayInvite: "admins" } as const;
  const all = Object.fromEntries(permissionNames.map((name) => [name, true]));
  const none = Object.fromEntries(permissionNames.map((name) => [name, false]));
  const held = (role: MemberRole, permissions: typeof all) => {
    const effective = permissionsOf({ role, permissions }, admins);
    return permissionNames.filter((name) => effective[name]);
  };
  assert.deepEqual(held("owner", none), [...permissionNames]);
  assert.deepEqual(held("admin", {}), [...permissionNames]);
  assert.deepEqual(held("admin", none), []);
  assert.deepEqual(held("member", {}), ["topics", "deploy", "sqlWrite", "graphWrite", "vault"]);
  const beyond = ["kick", "ban", "settings"];
  assert.deepEqual(
    held("member", all),
    permissionNames.filter((name) => !beyond.includes(name)),
  );
  assert.equal(held("guest", all).includes("invite"), false);
  assert.deepEqual(held("guest", {}), []);
});

test("a refusal by the table names its reason, and the chain refuses with it", () => {
  const [ann, bob, cyd] = [person(0), person(1), person(2)];
  const chain = new Chain();
  chain.invite(ann, 1, "member");
  const member = chain.join(bob, 1);
  const cases = [
    [chain.next(bob, "invite", inviteBody(2)), "author_permission", /permission invite/],
    [chain.next(bob, "policy", { requireE2E: true }), "author_role", /a member may not .* policy/],
    [chain.next(ann, "remove", { member: chain.idOf(ann) }), "last_owner", /last owner/],
    [chain.next(ann, "role", { member: chain.idOf(ann), role: "admin" }), "last_owner", /last/],
  ] as const;
  for (const [entry, reason, message] of cases) {
    assert.equal(mayAppend(chain.roster, entry)?.reason, reason);
    assert.throws(() => chain.roster.check(entry), {
      ...refusal("forbidden", message),
      detail: { reason },
    });
  }
  chain.add(bob, "remove", { member });
  const gone = chain.next(ann, "role", { member, role: "guest" });
  assert.equal(mayAppend(chain.roster, gone)?.reason, "subject_not_member");
  assert.throws(() => chain.roster.check(gone), refusal("not_found", /mbr_/));
  const revoke = chain.next(ann, "invite_revoke", { invite: inviteId(9) });
  assert.equal(mayAppend(chain.roster, revoke)?.reason, "invite_unknown");
  const strange = chain.next(cyd, "policy", { requireE2E: true });
  assert.equal(mayAppend(chain.roster, strange)?.reason, "author_not_member");
});
