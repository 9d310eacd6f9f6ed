import type { SharedKind } from "@claudemesh/crypto";
import {
  type Audience,
  audienceOfTopic,
  MeshError,
  TopicId,
  type TopicRole,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { didYouMean } from "../names/edit-distance.ts";
import { isCalled, namedIn } from "../names/member-names.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { type TopicRow, topicRow, topicRows, topicsNamed } from "../store/topic-rows.ts";
import { ensureGeneral, refreshTopics } from "./refresh-topics.ts";

/** A topic by its name: where its posts go, and how they are keyed. */
export interface ResolvedTopic {
  readonly row: TopicRow;
  readonly audience: Audience;
  readonly envelope: SharedKind;
  /** this member's role; of a private topic by the chain. Undefined where it is not in it */
  readonly role: TopicRole | undefined;
  /** how many members are in it, this one among them */
  readonly members: number;
}

/**
 * Finds a topic by name, with or without `#`, or by id: by what is known here, and after asking the broker. Throws `code` where there is none, naming those that there are, and
 * `ambiguous` for a name that a public and a private topic share.
 */
export async function resolveTopic(
  ctx: DeviceContext,
  row: MembershipRow,
  typed: string,
  code: "no_recipient" | "not_found" = "no_recipient",
): Promise<ResolvedTopic> {
  const name = typed.startsWith("#") ? typed.slice(1) : typed;
  const known = find(ctx, row, name);
  if (known !== undefined) return describe(ctx, row, known);
  try {
    await ctx.links.using(row, (link) => refreshTopics(ctx, row, link));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  const found = find(ctx, row, name);
  if (found !== undefined) return describe(ctx, row, found);
  throw unknown(ctx, row, name, code);
}

function find(ctx: DeviceContext, row: MembershipRow, name: string): TopicRow | undefined {
  const { store } = ctx;
  ensureGeneral(ctx, row);
  const id = TopicId.safeParse(name);
  const byId = id.success ? topicRow(store, row.mesh, id.data) : undefined;
  if (byId?.ended === 0) return byId;
  const named = topicsNamed(store, row.mesh, name).filter(
    (one) => one.visibility === "public" || describe(ctx, row, one).role !== undefined,
  );
  if (named.length < 2) return named[0];
  throw new MeshError("ambiguous", `name: a public and a private topic are called #${name}`, {
    hint: `name one by its id: ${named.map((one) => `${one.topic} (${one.visibility})`).join(", ")}`,
    detail: { candidates: named.map(({ topic, visibility }) => ({ topic, visibility })) },
  });
}

/** A known topic with what the chain says of it. */
export function describe(
  ctx: DeviceContext,
  { mesh, member }: MembershipRow,
  row: TopicRow,
): ResolvedTopic {
  const roster = ctx.rosters.of(mesh);
  const chain = roster.topics.get(row.topic);
  const isGeneral = row.statement === null;
  return {
    row,
    audience: audienceOfTopic(row.topic),
    envelope: chain === undefined ? "topic" : "private_topic",
    role: chain === undefined ? (row.role ?? undefined) : chain.members.get(member),
    members: chain?.members.size ?? (isGeneral ? roster.memberCount : row.members),
  };
}

function unknown(
  ctx: DeviceContext,
  row: MembershipRow,
  name: string,
  code: "no_recipient" | "not_found",
): MeshError {
  const names = topicRows(ctx.store, row.mesh)
    .filter((one) => one.visibility === "public" || describe(ctx, row, one).role !== undefined)
    .map((one) => one.name);
  const near = didYouMean(name, names);
  const listed = `topics that you may find: ${names.map((one) => `#${one}`).join(", ")}`;
  const dm = isCalled(name, namedIn(ctx, row.mesh).values())
    ? `what you and ${name} write each other is @${name}`
    : listed;
  const hint = near === undefined ? dm : `did you mean #${near}?`;
  return new MeshError(code, `there is no topic #${name} in ${row.slug}`, {
    hint,
    detail: { topics: names },
  });
}
