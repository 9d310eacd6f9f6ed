import type { Audience, MemberId, MeshId } from "@claudemesh/protocol";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { audienceName } from "../../names/audience-name.ts";
import { type NamedMember, namedMembers } from "../../names/member-names.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { search } from "../../search/search.ts";
import type { MatchRow } from "../../search/search-rows.ts";
import { snippetOf } from "../../search/snippet.ts";
import { matchOf, parseTerms } from "../../search/terms.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { resolveTopic } from "../../topics/resolve-topic.ts";

type Names = ReadonlyMap<MeshId, ReadonlyMap<MemberId, NamedMember>>;

/** Full text over what this home can decrypt, in one mesh or all; nobody else is asked. */
export const messages: DeviceHandler<"search.messages"> = async (input, ctx) => {
  const terms = parseTerms(input.text);
  const all = listMemberships(ctx.store);
  const rows = input.mesh === undefined ? all : [resolveMesh(input.mesh, all)];
  const names: Names = new Map(
    rows.map(({ mesh }) => [mesh, namedMembers(ctx.store, mesh, ctx.rosters.of(mesh))]),
  );
  const isMine = input.from?.toLowerCase() === "me";
  const senders =
    input.from === undefined
      ? undefined
      : isMine
        ? rows.map(({ member }) => member)
        : await inAny(rows, async (row) => memberOf(row, names, input.from ?? ""));
  const { topic } = input;
  const audiences: Audience[] | undefined =
    topic === undefined
      ? undefined
      : await inAny(rows, async (row) => (await resolveTopic(ctx, row, topic)).audience);
  const sought = {
    match: matchOf(terms),
    meshes: rows.map(({ mesh }) => mesh),
    since: input.since === undefined ? 0 : ctx.now() - input.since,
    senders,
    audiences,
    asPerson: ctx.agentSession === undefined,
    sides: { in: true, out: senders === undefined || isMine },
  };
  const { limit, cursor } = input;
  const found = search(ctx.store, terms, sought, { limit, cursor });
  return {
    items: found.rows.map((row) => ({
      ...described(ctx, row, rows, names),
      snippet: snippetOf(row.text, terms),
    })),
    ...(found.cursor === undefined ? {} : { cursor: found.cursor }),
  };
};

function memberOf(row: MembershipRow, names: Names, from: string): MemberId {
  const members = [...(names.get(row.mesh)?.values() ?? [])];
  // Who has left wrote what is here.
  const known = members.map((one) => ({ ...one, current: true }));
  return resolveRecipient(from, known, row.member).id;
}

/** What a name means in each mesh that knows it. Throws what the last mesh threw when none does. */
async function inAny<T>(
  rows: readonly MembershipRow[],
  resolve: (row: MembershipRow) => Promise<T>,
): Promise<T[]> {
  const done = await Promise.allSettled(rows.map(resolve));
  const found = done.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = done.find((one) => one.status === "rejected");
  if (found.length === 0 && failed !== undefined) throw failed.reason;
  return found;
}

function described(
  ctx: DeviceContext,
  row: MatchRow,
  rows: readonly MembershipRow[],
  names: Names,
) {
  const slug = rows.find(({ mesh }) => mesh === row.mesh)?.slug;
  if (slug === undefined) throw new MeshError("internal", "a match of a mesh that was not asked");
  const audience = audienceName(ctx.store, row.mesh, row.audience)?.written;
  const member = row.sender ?? (row.audience === null ? (row.recipient as MemberId) : undefined);
  const name = member === undefined ? audience : names.get(row.mesh)?.get(member)?.name;
  return {
    id: row.id,
    mesh: { id: row.mesh, slug },
    direction: row.sender === null ? ("sent" as const) : ("received" as const),
    with: { ...(member === undefined ? {} : { member }), name: name ?? member ?? "" },
    ...(audience === undefined ? {} : { audience }),
    createdAt: row.created_at,
  };
}
