import { type Audience, audienceOf, type FileManifest, type FileNews } from "@claudemesh/protocol";
import { findFile, putManifest, putSeal } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const shareFile: WriteFn<"shareFile"> = async ({ db, log }, input) => {
  const { at, expiresAt, hash, manifest, rows, shared } = input;
  const mesh = log.head(input.mesh);
  const { file, member, to } = manifest;
  const known = await findFile(db, mesh.no, file);
  if (known?.member !== member || known.bytes !== manifest.bytes) return "unknown";
  if (known.manifest !== undefined) return isSame(known.manifest, manifest) ? "kept" : "taken";
  const tell = (id: string, audience: Audience, news: FileNews) =>
    log.append(mesh, {
      ...{ id, audience, at, expiresAt, kind: "file", sender: member },
      body: JSON.stringify(news),
    });
  let seq = to === undefined ? 0 : tell(hash, to, { manifest, ...(shared && { shared }) });
  for (const { recipient, sealed } of rows) {
    await putSeal(db, mesh.no, { file, recipient, sealed });
    if (to !== undefined) continue;
    seq = tell(`${file} ${recipient.slice(4, 20)}`, audienceOf(recipient), { manifest, sealed });
  }
  await putManifest(db, mesh.no, { manifest, shared, seq, at });
  return "shared";
};

/** A repeat is signed anew; the file is the same when ciphertext and key are. */
const isSame = (one: FileManifest, other: FileManifest): boolean =>
  one.sha256 === other.sha256 && one.inside === other.inside && one.to === other.to;
