/** Why a guard keeps a message back or turns it away, as receipts and `why` say it. */
export type GuardReason =
  | "awaiting_approval"
  | "burst"
  | "loop_limit"
  | "repeated"
  | "sender_refused";

/** The same as a clause, for people. */
const clauses: Readonly<Record<GuardReason, string>> = {
  awaiting_approval: "a person looks at it first",
  burst: "too many messages of agents came at once",
  loop_limit: "agents wrote to each other for too long without a person",
  repeated: "the same text had come a moment before",
  sender_refused: "messages of this sender are turned away",
};

const isGuardReason = (reason: string): reason is GuardReason => Object.hasOwn(clauses, reason);

/** A receipt's reason in words where a guard gave it; else as it is. */
export const reasonInWords = (reason: string): string =>
  isGuardReason(reason) ? clauses[reason] : reason;

/** Whether a guard of the recipient's gave this reason. */
export const isOfGuard = (reason: string | undefined): boolean =>
  reason !== undefined && isGuardReason(reason);
