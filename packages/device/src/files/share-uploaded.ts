import {
  cipherBytes,
  insideHash,
  sealInside,
  sealInsideShared,
  signManifest,
} from "@claudemesh/crypto";
import {
  audienceOfTopic,
  everyone,
  type FileInside,
  type FileManifest,
  type FileSealRow,
  type Hash,
  type MemberId,
  MeshError,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { recipientsOf, type UploadRow } from "../store/upload-rows.ts";

/** Signs what was uploaded, seals its key for those who may open it, and has the broker tell them. A repeat has the same effect once: the broker keeps the first. */
export async function shareUploaded(
  ctx: DeviceContext,
  row: MembershipRow,
  upload: UploadRow,
  sha256: Hash,
): Promise<void> {
  const recipients = recipientsOf(upload);
  const { bytes, header, id: file, key, name } = upload;
  const inside: FileInside = { key, header, name, bytes, tags: JSON.parse(upload.tags) };
  const roster = ctx.rosters.of(row.mesh);
  const at = ctx.now();
  const to = upload.topic === null ? everyone : audienceOfTopic(upload.topic);
  const manifest = signManifest(
    {
      ...{ mesh: row.mesh, file, sha256, at, head: roster.head, member: row.member },
      ...(recipients === undefined ? { to } : {}),
      bytes: cipherBytes(bytes),
      inside: insideHash({ mesh: row.mesh, file }, inside),
      ...(upload.ephemeral_ms === null ? {} : { expiresAt: at + upload.ephemeral_ms }),
    },
    ctx.secretOf(row).signer,
  );
  const shared = recipients === undefined ? sharedOf(ctx, row, manifest, inside) : undefined;
  const rows = sealRows(ctx, row, { manifest, inside }, recipients ?? []);
  await ctx.links.using(row, (link) =>
    link.client.file.share({ manifest, rows, ...(shared && { shared }) }),
  );
}

function sharedOf(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  manifest: FileManifest,
  inside: FileInside,
) {
  const roster = ctx.rosters.of(mesh);
  const topic = manifest.to === everyone ? undefined : manifest.to?.slice(2);
  const chain = topic === undefined ? undefined : roster.topics.get(topic as never);
  const keyVersion = chain?.version ?? roster.epochAt(roster.head.seq).number;
  const ring = ctx.rings.of(mesh);
  return sealInsideShared(manifest, inside, {
    ...{ isPrivate: chain !== undefined, keyVersion, ring, random: ctx.random },
  });
}

/** A file's key sealed to each of these members. Throws `no_recipient` for who has left. */
export function sealRows(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  { manifest, inside }: { readonly manifest: FileManifest; readonly inside: FileInside },
  recipients: readonly MemberId[],
): FileSealRow[] {
  const roster = ctx.rosters.of(mesh);
  return recipients.map((recipient) => {
    const key = roster.isMember(recipient) ? roster.sealKey(recipient) : undefined;
    if (key === undefined) {
      throw new MeshError("no_recipient", "to: a recipient is not in the mesh any more");
    }
    return { recipient, sealed: sealInside(manifest, inside, key, ctx.random) };
  });
}
