import { type MemberId, MemberRole, TopicRole } from "@claudemesh/protocol";
import { Chain, type Person, person, topicId } from "../fixture.ts";
import { type ActEntry, mayAppend } from "../may-append.ts";
import type { RefusalReason } from "../refusal.ts";

const roles = MemberRole.options;
const places = [...TopicRole.options, "outside"] as const;
type Place = (typeof places)[number];
type Type = "topic_add" | "topic_key" | "topic_remove";

/** One question about a private topic and its answer. */
export interface TopicCell {
  readonly author: MemberRole;
  /** the author's place in the topic; `founding` where there is no such topic yet */
  readonly place: Place | "founding";
  readonly type: Type;
  /** whom it is about: another member, outside for `topic_add` and inside for `topic_remove`, or the author */
  readonly subject?: "another" | "self";
  readonly role?: TopicRole;
  /** whether one who had the newest key is in the topic no more */
  readonly keyDue?: boolean;
  readonly permissions?: { readonly topics: boolean };
  readonly result: "allowed" | RefusalReason;
}

const founder = person(0);
const author = (role: MemberRole) => person(10 + roles.indexOf(role));
const [inside, outside, leaver] = [person(20), person(21), person(22)];

/** A mesh with one of each role and three members; person 0 leads topic 1, where `inside` and `leaver` are too. */
function crowd(who: Person, place: Place): Chain {
  const chain = new Chain(founder);
  for (const [n, role] of roles.entries()) {
    chain.invite(founder, n, role);
    chain.join(author(role), n);
  }
  chain.invite(founder, 9, "member", 3);
  for (const one of [inside, outside, leaver]) chain.join(one, 9);
  chain.topicAdd(founder, 1, founder, "lead");
  chain.topicAdd(founder, 1, inside, "member");
  chain.topicAdd(founder, 1, leaver, "member");
  if (place !== "outside") chain.topicAdd(founder, 1, who, place);
  chain.add(founder, "topic_key", chain.topicKey(1));
  return chain;
}

const answer = (chain: Chain, entry: ActEntry): TopicCell["result"] =>
  mayAppend(chain.roster, entry)?.reason ?? "allowed";

function entryFor(chain: Chain, who: Person, cell: Omit<TopicCell, "result">): ActEntry {
  const { keyDue, role = "member", subject, type, place } = cell;
  const topic = topicId(place === "founding" ? 2 : 1);
  const self = chain.idOf(who);
  if (type === "topic_key") {
    if (keyDue) chain.topicRemove(leaver, 1, leaver);
    return chain.next(who, type, chain.topicKey(1));
  }
  const another = (one: Person): MemberId => (subject === "self" ? self : chain.idOf(one));
  if (type === "topic_add") return chain.next(who, type, { topic, member: another(outside), role });
  return chain.next(who, type, { topic, member: another(inside) });
}

function* questions(): Generator<Pick<TopicCell, "type" | "subject" | "keyDue">> {
  for (const subject of ["another", "self"] as const) {
    yield { type: "topic_add", subject };
    yield { type: "topic_remove", subject };
  }
  yield { type: "topic_key", keyDue: false };
  yield { type: "topic_key", keyDue: true };
}

/** Every author role and place in the topic, with the permission as the role has it. */
export function topicCells(): TopicCell[] {
  const cells: TopicCell[] = [];
  for (const role of roles) {
    for (const place of places) {
      for (const question of questions()) {
        const chain = crowd(author(role), place);
        const cell = { author: role, place, ...question };
        cells.push({ ...cell, result: answer(chain, entryFor(chain, author(role), cell)) });
      }
    }
  }
  return cells;
}

/** Who may found a topic, with the permission left alone, given or taken, and what does not found one. */
export function foundingCells(): TopicCell[] {
  const cells: TopicCell[] = [];
  for (const role of roles) {
    for (const topics of [undefined, true, false]) {
      const chain = crowd(author(role), "outside");
      const member = chain.idOf(author(role));
      const given = topics === undefined ? {} : { permissions: { topics } };
      if (topics !== undefined) chain.add(founder, "role", { member, role, ...given });
      for (const [subject, as] of [
        ["self", "lead"],
        ["self", "member"],
        ["another", "lead"],
      ] as const) {
        const place = "founding" as const;
        const about = { author: role, place, type: "topic_add" as const, subject, role: as };
        const cell = { ...about, ...given };
        cells.push({ ...cell, result: answer(chain, entryFor(chain, author(role), cell)) });
      }
    }
  }
  return cells;
}
