import { newMessageId } from "@claudemesh/crypto/verify";
import {
  type Audience,
  audienceOf,
  type DeviceId,
  type JobId,
  limits,
  type MessageId,
  type Plain,
  type PlainSubtype,
} from "@claudemesh/protocol";
import type { MemberContext } from "../handler.ts";
import { withheldFrom } from "../log/withheld.ts";
import { isWithheld } from "../ops/message/is-withheld.ts";
import { keptFor } from "../ops/message/kept-for.ts";
import type { JobRow } from "../store/jobs-port.ts";
import type { NewEntry } from "../store/writing/log-appender.ts";
import type { JobParts } from "./context.ts";

export interface Said {
  readonly job: JobId;
  readonly name: string;
  readonly subtype: PlainSubtype;
  readonly to: Audience;
  readonly text: string;
  readonly id?: MessageId;
  readonly priority?: Plain["priority"];
}

/** What the broker says by itself, as an entry of the log: signed by nobody, in the name of the job and never of its author. */
export async function sayEntry(
  said: Said,
  parts: JobParts,
  author: MemberContext,
): Promise<NewEntry & { readonly id: MessageId }> {
  const { job, name, priority = "next", subtype, to } = said;
  const { actor } = author;
  const at = parts.now();
  const id = said.id ?? newMessageId(parts.now, parts.random);
  const ctx = { ...parts, ...author };
  const plain: Plain = {
    v: 1,
    id,
    mesh: actor.mesh,
    from: { job, name, owner: actor.member },
    to,
    priority,
    subtype,
    text: bounded(said.text),
    at,
  };
  return {
    id,
    kind: "plain",
    sender: actor.member,
    audience: (await isWithheld(to, ctx)) ? withheldFrom(to) : to,
    at,
    expiresAt: at + keptFor(to, ctx),
    body: JSON.stringify(plain),
  };
}

/** To the one for whom the job is done. */
export const tellAuthor = (
  said: Omit<Said, "to">,
  parts: JobParts,
  author: MemberContext,
): Promise<NewEntry> => sayEntry({ ...said, to: audienceOf(author.actor.member) }, parts, author);

/** A lone surrogate has no UTF-8 form: what is stored and shown is what can be. */
export const bounded = (text: string, most: number = limits.jobText): string =>
  (text.length <= most ? text : `${text.slice(0, most - 1)}…`).toWellFormed();

/** The author as a caller, in the mesh as it stands; undefined where it is in it no more. It has no device here; the job's id takes the place of one. */
export async function authorOf(
  { mesh, author: member, id }: Pick<JobRow, "author" | "id" | "mesh">,
  { rosters }: Pick<JobParts, "rosters">,
): Promise<MemberContext | undefined> {
  const roster = await rosters.open(mesh);
  const device = id.replace(/^job_/, "dev_") as DeviceId;
  return roster.isMember(member) ? { actor: { mesh, member, device }, roster } : undefined;
}

/** Why nothing may be said without a signature; undefined where it may. */
export const whyNotSaid = ({ roster }: MemberContext): string | undefined =>
  roster.policy.requireE2E
    ? "the mesh's policy takes end-to-end encrypted messages only, and what the broker says by itself is not"
    : undefined;
