import type { MemberRole } from "@claudemesh/protocol";

/** A step of a random history: persons, invites and sessions are small numbers. */
export type Step =
  | { act: "invite"; by: number; invite: number; role: MemberRole; uses: number }
  | { act: "invite_revoke"; by: number; invite: number }
  | { act: "join"; by: number; invite: number }
  | { act: "leave"; by: number }
  | { act: "name"; by: number }
  | { act: "open"; by: number; open: boolean }
  | { act: "role"; by: number; to: number; role: MemberRole; right?: boolean }
  | { act: "session"; by: number; session: number };

interface ModelMember {
  person: number;
  role: MemberRole;
  right: boolean | undefined;
  in: boolean;
  via: number | undefined;
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
    { person: 0, role: "owner", right: undefined, in: true, via: undefined },
  ];
  invites: ModelInvite[] = [];
  sessions: string[] = [];
  open = false;

  /** Does the step and says true, or changes nothing and says false. */
  try(step: Step): boolean {
    const me = this.members.find((member) => member.person === step.by);
    if (step.act === "join") return me === undefined && this.#join(step.by, step.invite);
    if (!me?.in) return false;
    const boss = me.role === "owner" || me.role === "admin";
    switch (step.act) {
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
        me.in = false;
        this.#end(me, () => true);
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

  #mayInvite({ role, right }: ModelMember): boolean {
    if (role === "owner") return true;
    if (role === "guest") return false;
    return right ?? (role === "admin" || this.open);
  }

  #join(person: number, id: number): boolean {
    const invite = this.invites.find((one) => one.invite === id);
    if (!invite || invite.revoked || invite.over || invite.used === invite.uses) return false;
    invite.used += 1;
    this.members.push({ person, role: invite.role, right: undefined, in: true, via: id });
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
