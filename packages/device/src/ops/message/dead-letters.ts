import type { DeviceContext } from "../../context.ts";
import { reasonInWords } from "../../guards/reasons.ts";
import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { deadCount, deadRows } from "../../store/dead-rows.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";
import type { OutboxRow } from "../../store/outbox-rows.ts";
import { otherOf } from "./addressee.ts";

/** As much of a text as tells which message it was. */
const shownChars = 120;

/** What this home sent and will never arrive, by what it has verified so far; the latest first. */
export const deadLetters: DeviceHandler<"message.dead_letters"> = async ({ mesh, limit }, ctx) => {
  const all = listMemberships(ctx.store);
  const rows = mesh === undefined ? all : [resolveMesh(mesh, all)];
  const meshes = rows.map((row) => row.mesh);
  const dead = deadRows(ctx.store, meshes, limit);
  const items = dead.flatMap((letter) => {
    const row = rows.find((one) => one.mesh === letter.mesh);
    return row === undefined ? [] : [describe(ctx, row, letter)];
  });
  return { items, more: deadCount(ctx.store, meshes) - dead.length };
};

function describe(ctx: DeviceContext, row: MembershipRow, letter: OutboxRow) {
  const { id, state, reason, text, created_at, updated_at } = letter;
  const names = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  return {
    id,
    mesh: { id: row.mesh, slug: row.slug },
    to: otherOf(letter, names),
    state,
    reason: reason === null ? "no reason was given" : reasonInWords(reason),
    text: [...text].slice(0, shownChars).join(""),
    createdAt: created_at,
    at: updated_at,
  };
}
