import type { MemberRole } from "@claudemesh/protocol";
import { ModelTopics, type TopicStep } from "./model-topics.ts";

type Plain =
  | { act: "epoch"; by: number; skip: boolean }
  | { act: "invite"; by: number; invite: number; role: MemberRole; uses: number }
  | { act: "invite_revoke"; by: number; invite: number }
  | { act: "join"; by: number; invite: number }
  | { act: "leave"; by: number }
  | { act: "name"; by: number }
  | { act: "open"; by: number; open: boolean }
  | { act: "rekey"; by: number; to: number }
  | { act: "remove"; by: number; to: number; skip: boolean }
  | { act: "restore"; by: number; to: number }
  | { act: "role"; by: number; to: number; role: MemberRole; right?: boolean }
  | { act: "session"; by: number; session: number };

/** A step of a random history: persons, invites, sessions and topics are small numbers. `old` is signed with the person's first key, `skip` leaves a number out. */
export type Step = (Plain & { old?: boolean }) | TopicStep;

interface ModelMember {
  person: number;
  role: MemberRole;
  right: boolean | undefined;
  in: boolean;
  via: number | undefined;
  /** how often its keys were replaced */
  generation: number;
  outBy?: number;
}

interface ModelInvite {
  invite: number;
  by: number;
  role: MemberRole;
  uses: number;
  used: number;
  over: boolean;
  revoked: boolean;
}

const ladder = ["guest", "member", "admin", "owner"];
const height = (role: MemberRole) => ladder.indexOf(role);

/** The roster's rules once more, naively, over arrays and without any cryptography. */
export class Model {
  members: ModelMember[] = [
    { person: 0, role: "owner", right: undefined, in: true, via: undefined, generation: 0 },
  ];
  topics = new ModelTopics();
  epochs = 1;
  due = false;
  invites: ModelInvite[] = [];
  sessions: string[] = [];
  open = false;

  /** Does the step and says true, or changes nothing and says false. */
  try(step: Step): boolean {
    const me = this.members.find((member) => member.person === step.by);
    if (step.act === "join") return me === undefined && this.#join(step.by, step.invite);
    if (!me?.in || (step.old && me.generation > 0)) return false;
    const boss = me.role === "owner" || me.role === "admin";
    switch (step.act) {
      case "topic_add":
      case "topic_key":
      case "topic_remove": {
        const mayFound = me.role !== "guest";
        const isIn = (person: number) => this.#member(person)?.in ?? false;
        return this.topics.try(step, { boss, mayFound, isIn });
      }
      case "epoch":
        if (boss && !step.skip) this.#startEpoch();
        return boss && !step.skip;
      case "rekey": {
        const subject = this.#member(step.to);
        if (!subject?.in || (subject !== me && me.role !== "owner")) return false;
        subject.generation += 1;
        this.#end(subject, () => true);
        this.#startEpoch();
        return true;
      }
      case "remove": {
        const subject = this.#member(step.to);
        if (!subject?.in || subject === me || !boss || step.skip) return false;
        if (me.role === "admin" && height(subject.role) >= 2) return false;
        this.#leave(subject, me.person);
        this.#startEpoch();
        return true;
      }
      case "restore": {
        const subject = this.#member(step.to);
        if (me.role !== "owner" || !subject || subject.in) return false;
        if (subject.outBy === subject.person) return false;
        Object.assign(subject, { in: true, role: "member", right: undefined });
        return true;
      }
      case "invite": {
        const known = this.invites.some((invite) => invite.invite === step.invite);
        if (known || !this.#mayInvite(me) || height(step.role) > height(me.role)) return false;
        const { invite, by, role, uses } = step;
        this.invites.push({ invite, by, role, uses, used: 0, over: false, revoked: false });
        return true;
      }
      case "invite_revoke": {
        const invite = this.invites.find((one) => one.invite === step.invite);
        if (!invite || invite.revoked) return false;
        const reach = boss && this.#mayInvite(me) && height(invite.role) <= height(me.role);
        if (invite.by !== step.by && !reach) return false;
        invite.revoked = true;
        return true;
      }
      case "leave": {
        const company = this.members.filter((member) => member.in && member !== me);
        const heirs = company.filter((member) => member.role === "owner");
        if (me.role === "owner" && company.length > 0 && heirs.length === 0) return false;
        this.#leave(me, me.person);
        this.due = true;
        return true;
      }
      case "name":
        return me.role === "owner";
      case "open":
        if (boss) this.open = step.open;
        return boss;
      case "role":
        return boss && this.#changeRole(me, step);
      case "session": {
        const session = `${step.by}/${step.session}`;
        if (this.sessions.includes(session)) return false;
        this.sessions.push(session);
        return true;
      }
    }
  }

  #member(person: number): ModelMember | undefined {
    return this.members.find((member) => member.person === person);
  }

  #startEpoch(): void {
    this.epochs += 1;
    this.due = false;
  }

  #leave(subject: ModelMember, by: number): void {
    subject.in = false;
    subject.outBy = by;
    this.#end(subject, () => true);
    this.topics.leaveAll(subject.person);
  }

  #mayInvite({ role, right }: ModelMember): boolean {
    if (role === "owner") return true;
    if (role === "guest") return false;
    return right ?? (role === "admin" || this.open);
  }

  #join(person: number, id: number): boolean {
    const invite = this.invites.find((one) => one.invite === id);
    if (!invite || invite.revoked || invite.over || invite.used === invite.uses) return false;
    invite.used += 1;
    const { role } = invite;
    this.members.push({ person, role, right: undefined, in: true, via: id, generation: 0 });
    return true;
  }

  #changeRole(me: ModelMember, step: Extract<Step, { act: "role" }>): boolean {
    const subject = this.members.find((member) => member.person === step.to && member.in);
    if (!subject) return false;
    const owners = this.members.filter((member) => member.in && member.role === "owner");
    if (me.role === "admin" && (height(subject.role) >= 2 || height(step.role) >= 2)) return false;
    if (subject.role === "owner" && owners.length === 1 && step.role !== "owner") return false;
    const could = this.#mayInvite(subject);
    const lowered = height(step.role) < height(subject.role);
    subject.role = step.role;
    subject.right = step.right;
    const can = this.#mayInvite(subject);
    if (lowered || (could && !can)) {
      this.#end(subject, (invite) => !can || height(invite.role) > height(step.role));
    }
    return true;
  }

  #end(subject: ModelMember, which: (invite: ModelInvite) => boolean): void {
    for (const invite of this.invites) {
      const theirs = invite.by === subject.person || invite.invite === subject.via;
      if (theirs && !invite.revoked && invite.used < invite.uses && which(invite)) {
        invite.over = true;
      }
    }
  }
}
