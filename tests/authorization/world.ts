import {
  newTopicId,
  type Roster,
  signTopic,
  systemRandom,
  type TopicStatement,
} from "@claudemesh/crypto";
import type {
  EntryOf,
  MemberId,
  MemberRole,
  MessageId,
  RosterEntry,
  RosterType,
  Topic,
  TopicId,
} from "@claudemesh/protocol";
import type { TestBroker } from "../broker/support/broker.ts";
import type { Client } from "../broker/support/client.ts";
import { addMember, foundMesh, type TestMember } from "../broker/support/member.ts";
import { TestSession } from "../broker/support/session.ts";
import { learn, removalOf } from "./ready.ts";
import { type Caller, insiders, roleOf } from "./row.ts";
import { type Changes, Stored } from "./stored.ts";

/** Someone with a connection and an agent session on it. */
export interface Person {
  readonly member: TestMember;
  readonly client: Client;
  readonly session: TestSession;
}

type Act = Exclude<RosterType, "genesis">;

/** A mesh with one of each who may ask for something, what they ask about, and a second mesh beside it. */
export class World {
  readonly #stored: Stored;
  #shown = "";
  readonly #subjects = new Map<MemberRole, TestMember>();
  #made = 0;
  readonly url: string;
  /** owns the mesh and makes ready what is asked about; asks for nothing itself */
  readonly founder: Person;
  readonly people: ReadonlyMap<Caller, Person>;
  /** an ordinary member on whom others act */
  readonly target: Person;
  /** led by the lead; every insider is in the public one, the lead and the founder alone in the private one */
  readonly topics: { readonly open: Topic; readonly closed: Topic };
  /** from the founder to the target */
  readonly message: MessageId;

  private constructor(
    parts: Pick<World, "founder" | "people" | "target" | "topics" | "message">,
    at: TestBroker,
  ) {
    this.url = at.url;
    this.founder = parts.founder;
    this.people = parts.people;
    this.target = parts.target;
    this.topics = parts.topics;
    this.message = parts.message;
    this.#stored = new Stored(at.folder);
  }

  static async start(at: TestBroker): Promise<World> {
    const alice = await foundMesh(at.url);
    const founder = await present(alice);
    const people = new Map<Caller, Person>();
    for (const who of insiders) {
      people.set(who, await present(await withRole(founder, roleOf(who), who)));
    }
    const target = await present(await addMember(alice, "target"));
    const removed = await addMember(alice, "removed");
    await act(
      founder,
      "member.ban",
      await nextOf(founder, "remove", await removalOf(founder, removed.id)),
    );
    people.set("removed", { ...target, member: removed, session: new TestSession(removed) });
    const elsewhere = await present(await foundMesh(at.url, "elsewhere"));
    people.set("elsewhere", elsewhere);
    people.set("thief", await present(await withRole(elsewhere, "owner", "thief")));
    const revoked = people.get("revoked") as Person;
    const { id: session } = revoked.session;
    await act(revoked, "roster.append", await nextOf(revoked, "session_revoke", { session }));
    const lead = people.get("lead") as Person;
    const topics = {
      open: await found(lead, "open", "public"),
      closed: await found(lead, "closed", "private"),
    };
    for (const who of insiders) {
      const { client } = people.get(who) as Person;
      await client.call("topic.join", { topic: topics.open.topic });
    }
    const envelope = alice.message(target.member, "hello");
    await founder.client.call("message.send", { envelope });
    const message = envelope.header.id;
    return new World({ founder, people, target, topics, message }, at);
  }

  person(caller: Caller): Person {
    const found = this.people.get(caller);
    if (found === undefined) throw new Error(`there is no ${caller} in this world`);
    return found;
  }

  /** The next entry of a person's own chain, which it has read to its end before. */
  entry<T extends Act>(by: Person, type: T, body: EntryOf<T>["body"]): Promise<EntryOf<T>> {
    return nextOf(by, type, body);
  }

  /** Someone who is in this mesh with this role and as it comes, and on whom nobody has acted yet. */
  async subject(role: MemberRole = "member"): Promise<TestMember> {
    const { founder } = this;
    await learn(founder);
    const before = this.#subjects.get(role);
    if (before !== undefined && isFresh(founder.member.roster, before.id, role)) return before;
    const made = await withRole(founder, role, "subject");
    this.#subjects.set(role, made);
    return made;
  }

  /** A topic that the lead leads and nobody else is in. */
  newTopic(visibility: Topic["visibility"] = "public"): Promise<Topic> {
    this.#made += 1;
    return found(this.person("lead"), `topic-${this.#made}`, visibility);
  }

  /** Remembers what the broker stores, and whom it shows to the founder. */
  async remember(): Promise<void> {
    this.#shown = await this.#whoIsThere();
    this.#stored.hold();
  }

  /** What is not as it was when it was remembered. Where it is enough to know that something was written, tables are not told apart. */
  async changes(howMuch: "whether" | "what"): Promise<Changes> {
    const stored = this.#stored;
    const { ours, others } =
      howMuch === "what"
        ? stored.changes(this.founder.member.mesh)
        : { ours: stored.isWritten ? ["a table"] : [], others: [] };
    stored.release();
    const shown = await this.#whoIsThere();
    return { ours: shown === this.#shown ? ours : [...ours, "who is there"], others };
  }

  async #whoIsThere(): Promise<string> {
    return JSON.stringify(await this.founder.client.call("peer.list", {}));
  }

  /** Every id of this mesh that another's answers must not name. */
  get ids(): readonly string[] {
    const { member } = this.founder;
    const everyone = [this.founder, this.target, ...this.people.values()];
    const inside = everyone.filter((one) => one.member.mesh === member.mesh);
    const { closed, open } = this.topics;
    return [
      member.mesh,
      this.message,
      open.topic,
      closed.topic,
      ...inside.flatMap((one) => [one.member.id, one.session.id]),
    ];
  }

  [Symbol.dispose](): void {
    this.#stored[Symbol.dispose]();
  }
}

/** Whether a member has the role that it was made for, and nothing else was done to it. */
function isFresh(roster: Roster, id: MemberId, role: MemberRole): boolean {
  const { permissions = {}, role: now } = roster.members.get(id) ?? {};
  const isBare = Object.keys(permissions).length === 0;
  const isNowhere = [...roster.topics.values()].every(({ members }) => !members.has(id));
  return roster.isMember(id) && now === role && isBare && isNowhere;
}

/** Signs what a topic is. */
export const describe = (
  { secret, mesh, now }: TestMember,
  over: Pick<TopicStatement, "topic" | "name"> & Partial<TopicStatement>,
): Topic =>
  signTopic({ mesh, version: 1, visibility: "public", at: now(), ...over }, secret.signer);

async function nextOf<T extends Act>(by: Person, type: T, body: EntryOf<T>["body"]) {
  await learn(by);
  return by.member.next(type, body);
}

async function act({ client, member }: Person, op: string, entry: RosterEntry): Promise<void> {
  await client.call(op, { entry });
  member.roster.apply(entry);
}

async function present(member: TestMember): Promise<Person> {
  const client = await member.connect();
  const session = new TestSession(member);
  await session.attach(client);
  return { member, client, session };
}

async function withRole(founder: Person, role: MemberRole, name: string): Promise<TestMember> {
  await learn(founder);
  const member = await addMember(founder.member, name);
  if (role !== "member") {
    await act(founder, "member.role", await nextOf(founder, "role", { member: member.id, role }));
  }
  return member;
}

async function found(lead: Person, name: string, visibility: Topic["visibility"]): Promise<Topic> {
  const topic: TopicId = newTopicId(systemRandom);
  const { id: member } = lead.member;
  if (visibility === "private") {
    await act(
      lead,
      "roster.append",
      await nextOf(lead, "topic_add", { topic, member, role: "lead" }),
    );
  }
  const statement = describe(lead.member, { topic, name, visibility });
  await lead.client.call("topic.create", { topic: statement });
  return statement;
}
