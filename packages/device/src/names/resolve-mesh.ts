import { MeshError } from "@claudemesh/protocol";
import type { MembershipRow } from "../store/memberships.ts";
import { didYouMean } from "./edit-distance.ts";

/** The one membership that `mesh` names: slug, id, or a unique prefix of the id. Throws `not_found`, `ambiguous`. */
export function resolveMesh(mesh: string, all: readonly MembershipRow[]): MembershipRow {
  const typed = mesh.trim().toLowerCase();
  const exact = all.filter((row) => row.slug === typed || row.mesh === typed);
  const prefix = typed.startsWith("mesh_") ? typed : `mesh_${typed}`;
  const found =
    exact.length > 0 || !/^mesh_[0-9a-f]{4,}$/.test(prefix)
      ? exact
      : all.filter((row) => row.mesh.startsWith(prefix));
  const [one, ...others] = found;
  if (one === undefined) throw notHeld(mesh, all);
  if (others.length > 0) {
    throw new MeshError(
      "ambiguous",
      `mesh: ${mesh} fits ${found.length} meshes: ${listed(found)}`,
      {
        hint: "name one by its id with --mesh",
        detail: { meshes: found.map((row) => ({ id: row.mesh, slug: row.slug })) },
      },
    );
  }
  return one;
}

/** The mesh of a verb that named none: the only one, or the last used. Throws `not_found` when there is none, `ambiguous` when that cannot be told. */
export function impliedMesh(all: readonly MembershipRow[]): MembershipRow {
  const [first, ...rest] = [...all].sort((a, b) => b.used_at - a.used_at);
  if (first === undefined) {
    throw new MeshError("not_found", "this home is in no mesh yet", {
      hint: "make one with `claudemesh new <name>`, or join one with `claudemesh join <link>`",
    });
  }
  const [second] = rest;
  if (second === undefined || second.used_at < first.used_at) return first;
  throw new MeshError("ambiguous", `mesh: it is not clear which one is meant: ${listed(all)}`, {
    hint: "name one with --mesh <slug>",
    detail: { field: "mesh", meshes: all.map((row) => ({ id: row.mesh, slug: row.slug })) },
  });
}

function notHeld(mesh: string, all: readonly MembershipRow[]): MeshError {
  const near = didYouMean(
    mesh,
    all.map(({ slug }) => slug),
  );
  const held = all.length === 0 ? "this home is in no mesh" : `this home is in: ${listed(all)}`;
  return new MeshError("not_found", `mesh: there is no ${mesh} here; ${held}`, {
    hint: near === undefined ? "name one with --mesh <slug>" : `did you mean --mesh ${near}?`,
    detail: { field: "mesh", ...(near === undefined ? {} : { didYouMean: near }) },
  });
}

const listed = (rows: readonly MembershipRow[]): string =>
  rows.map(({ slug, mesh }) => `${slug} (${mesh.slice(0, 13)})`).join(", ");
