import { compareHead, openInside, openInsideShared, verifyManifest } from "@claudemesh/crypto";
import {
  audienceOf,
  everyone,
  type FileInfo,
  type FileInside,
  type FileManifest,
  type FileNews,
  type MemberId,
  MeshError,
  topicOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { audienceName } from "../names/audience-name.ts";
import type { NamedMember } from "../names/member-names.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** A file whose manifest was verified; `inside` is missing where this home lacks the key that it is sealed under. */
export interface OpenedFile {
  readonly manifest: FileManifest;
  readonly inside: FileInside | undefined;
  /** signed by who is no member any more, or by a key that was replaced: when, nobody can prove */
  readonly former: boolean;
}

/**
 * Verifies what the broker gives of a file by this home's own chain, and opens it. Throws `bad_signature` for a manifest that its uploader did not sign or a key of
 * another, `forbidden` for one of another mesh or by no member, `roster_fork`.
 */
export function openNews(
  ctx: DeviceContext,
  { mesh, ...row }: MembershipRow,
  { manifest, sealed, shared }: FileNews,
): OpenedFile {
  const roster = ctx.rosters.of(mesh);
  const { author, head, member } = manifest;
  if (manifest.mesh !== mesh) throw new MeshError("forbidden", "the file is of another mesh");
  const place = compareHead(roster, head);
  if (place === "fork") {
    const detail = { claimed: head, known: { seq: head.seq, hash: roster.hashAt(head.seq) } };
    throw new MeshError("roster_fork", "the file names another roster", { detail });
  }
  if (place === "ahead" || roster.signKeyAt(member, head.seq) !== author) {
    throw new MeshError("forbidden", "the file is by nobody who was in the mesh then");
  }
  verifyManifest(manifest, author);
  const current = roster.isMember(member) ? roster.members.get(member)?.keys.sign : undefined;
  const former = current !== author;
  try {
    if (sealed !== undefined) {
      const { opener } = ctx.secretOf({ mesh, ...row });
      return { manifest, former, inside: openInside(manifest, sealed, opener) };
    }
    if (shared === undefined) return { manifest, former, inside: undefined };
    const topic = manifest.to === undefined ? undefined : topicOf(manifest.to);
    const isPrivate = topic !== undefined && roster.topics.has(topic);
    const audience = { isPrivate, keyVersion: shared.keyVersion, ring: ctx.rings.of(mesh) };
    return { manifest, former, inside: openInsideShared(manifest, shared.sealed, audience) };
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "not_found") throw error;
    return { manifest, former, inside: undefined };
  }
}

/** A verified file as people see it. */
export function describeFile(
  ctx: DeviceContext,
  { mesh, member: self }: MembershipRow,
  { manifest, inside, former }: OpenedFile,
  names: ReadonlyMap<MemberId, NamedMember>,
): FileInfo {
  const { at, expiresAt, file, member, to } = manifest;
  const name = names.get(member)?.name ?? member;
  return {
    id: file,
    ...(inside === undefined ? {} : { name: inside.name }),
    bytes: inside?.bytes ?? manifest.bytes,
    tags: inside?.tags ?? [],
    from: { member, name, self: member === self },
    former,
    to: to === undefined ? "members" : (audienceName(ctx.store, mesh, to)?.written ?? to),
    createdAt: at,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** For whom a file's entry of the log was, as rights to reach a member are asked. */
export const reachOf = ({ to }: FileManifest, self: MemberId) =>
  to === undefined ? audienceOf(self) : to === everyone ? everyone : to;
