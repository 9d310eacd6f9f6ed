import type { EntryOf, InviteId, MemberId } from "@claudemesh/protocol";
import { inviteUsable, type Member, type RosterInvite } from "./member.ts";

/** The invites of a chain. */
export class InviteBook {
  readonly all = new Map<InviteId, RosterInvite>();
  readonly #madeBy = new Map<MemberId, InviteId[]>();

  add({ body, seq }: EntryOf<"invite">, author: Member): void {
    const { expiresAt, invite: id, key, role, uses } = body;
    const state = { used: 0, revoked: false, void: false };
    this.all.set(id, { id, key, role, uses, expiresAt, author: author.id, seq, ...state });
    const made = this.#madeBy.get(author.id);
    if (made === undefined) this.#madeBy.set(author.id, [id]);
    else made.push(id);
  }

  update(id: InviteId, change: Partial<RosterInvite>): void {
    const invite = this.all.get(id);
    if (invite !== undefined) this.all.set(id, { ...invite, ...change });
  }

  /** Ends the open invites that the member made or joined by, where `ends` says so. */
  voidOf(member: Member, ends: (invite: RosterInvite) => boolean = () => true): void {
    const known = [...(this.#madeBy.get(member.id) ?? [])];
    if (member.invite !== undefined) known.push(member.invite);
    for (const id of known) {
      const invite = this.all.get(id);
      if (invite !== undefined && inviteUsable(invite) && ends(invite)) {
        this.update(id, { void: true });
      }
    }
  }
}
