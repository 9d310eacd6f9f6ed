import type { Audience, MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { LoggedMessage } from "../api-keys/key-message.ts";

/** A message that names a member, as it lies in the log, and whether the member has said that it knows. */
export interface NotificationRow extends LoggedMessage {
  readonly audience: Audience;
  readonly sender: MemberId | null;
  readonly readAt: number | null;
}

export interface NotificationQuery {
  readonly member: MemberId;
  /** only what lies before this place of the log */
  readonly before: number;
  /** only what was said from this time on */
  readonly since: number;
  readonly unread: boolean;
  /** only this message */
  readonly id?: MessageId | undefined;
  readonly limit: number;
}

/** The writes that concern notifications; they come to be with the message that names somebody. */
export interface NotificationWrites {
  /** Marks a member's as read; answers how many were not. */
  readNotifications(input: {
    readonly mesh: MeshId;
    readonly member: MemberId;
    readonly seqs: readonly number[];
    readonly at: number;
  }): Promise<number>;
  /** Forgets those whose message is past its time, at most `limit`; answers how many. */
  forgetNotifications(input: { readonly now: number; readonly limit: number }): Promise<number>;
}

/** The reads that concern notifications. */
export interface NotificationReads {
  /** What names a member and still has its contents, newest first. */
  notifications(mesh: MeshId, query: NotificationQuery): Promise<readonly NotificationRow[]>;
}
