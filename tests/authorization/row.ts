import { permissionTable } from "@claudemesh/crypto/verify";
import { type AnyOp, type ErrorCode, MemberRole, ops, type WireOpName } from "@claudemesh/protocol";
import type { Person, World } from "./world.ts";

/** Who calls, in the order of the table's columns. */
export const callers = [
  "anyone",
  "guest",
  "member",
  "lead",
  "admin",
  "owner",
  "revoked",
  "removed",
  "elsewhere",
  "thief",
] as const;
export type Caller = (typeof callers)[number];

/** Those whom the mesh has as members; `lead` leads the topics that are asked about, `revoked` asks in the name of a session that its member has ended. */
export const insiders = ["guest", "member", "lead", "admin", "owner", "revoked"] as const;
export type Insider = (typeof insiders)[number];

export const isInsider = (caller: Caller): caller is Insider =>
  insiders.some((one) => one === caller);

/** `yes`: it is done. `nothing`: it is answered, and neither changes nor tells anything. Else the code of the refusal. */
export type Outcome = "yes" | "nothing" | ErrorCode;

/** One way to ask for an operation, and what comes of it. */
export interface Row {
  /** tells this way from the operation's others */
  readonly of?: string;
  /** members who may; left out where the declaration's `needs` says so. `all` is every member, `anyone` also who has not said hello */
  readonly may?: "anyone" | "all" | readonly Insider[];
  /** what the others are answered; `forbidden` where it is left out */
  readonly otherwise?: Outcome;
  /** who is answered something else again */
  readonly but?: Partial<Record<Insider, Outcome>>;
  /** what one of another mesh gets that asks there, in its own name, with ids of this one */
  readonly elsewhere: Outcome;
  /** what one of another mesh gets that asks with the very words of this mesh's owner */
  readonly thief: Outcome;
  /** a command that leaves no trace in tables or lists */
  readonly traceless?: true;
  /** it ends the caller's membership, and so is asked last */
  readonly last?: true;
  /** An input that is good but for the right; makes ready what it speaks of. */
  readonly ask: (by: Person, world: World) => unknown;
}

export type Rows = Readonly<Partial<Record<WireOpName, readonly Row[]>>>;

/** What a caller of a row is to be answered. */
export function outcomeOf(name: WireOpName, row: Row, caller: Caller): Outcome {
  const { scope }: AnyOp = ops[name];
  if (caller === "removed") return "not_member";
  if (caller === "anyone" && scope !== "public") return "unauthorized";
  if (caller === "elsewhere" || caller === "thief") return row[caller];
  if (row.may === "anyone") return "yes";
  const { but = {}, otherwise = "forbidden" } = row;
  if (caller === "anyone") return otherwise;
  return but[caller] ?? (mayOf(name, row).includes(caller) ? "yes" : otherwise);
}

function mayOf(name: WireOpName, { may }: Row): readonly Insider[] {
  if (may === "all") return insiders;
  if (may !== undefined && may !== "anyone") return may;
  const { needs }: AnyOp = ops[name];
  if (needs === undefined)
    throw new Error(`${name}: say in its row who may, as nothing declares it`);
  const roles: readonly string[] = permissionTable[needs].byDefault;
  return insiders.filter((one) => roles.includes(roleOf(one)));
}

/** The role that an insider has in the mesh. */
export const roleOf = (caller: Insider): MemberRole =>
  MemberRole.safeParse(caller).data ?? "member";
