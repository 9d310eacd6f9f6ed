import type { SharedKind } from "@claudemesh/crypto";
import type { Audience, MemberId } from "@claudemesh/protocol";
import type { FoundSession } from "../sessions/find-sessions.ts";

/** One member, or one session of it. */
export interface MemberTarget {
  readonly kind: "member";
  readonly name: string;
  readonly member: MemberId;
  readonly session?: FoundSession;
}

/** Everyone of an audience, in one message. */
export interface SharedTarget {
  readonly kind: "broadcast" | "group" | "topic";
  /** as people write it: `@group`, `#topic`, `*` */
  readonly name: string;
  readonly audience: Audience;
  readonly envelope: SharedKind;
  /** how many members it is for, the writer left out */
  readonly members: number;
}

/** The sessions that bear a tag: a message to each. */
export interface TagTarget {
  readonly kind: "tag";
  readonly name: string;
  readonly each: readonly MemberTarget[];
}

/** Whom a message is for. */
export type Target = MemberTarget | SharedTarget | TagTarget;
