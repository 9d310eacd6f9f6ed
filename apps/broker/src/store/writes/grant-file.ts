import { audienceOf } from "@claudemesh/protocol";
import { findFile, putSeal } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const grantFile: WriteFn<"grantFile"> = async ({ db, log }, input) => {
  const { at, expiresAt, file, rows } = input;
  const mesh = log.head(input.mesh);
  const manifest = (await findFile(db, mesh.no, file))?.manifest;
  if (manifest === undefined) return 0;
  let granted = 0;
  for (const { recipient, sealed } of rows) {
    if (!(await putSeal(db, mesh.no, { file, recipient, sealed }))) continue;
    granted += 1;
    log.append(mesh, {
      id: `${file} ${recipient.slice(4, 20)}`,
      kind: "file",
      sender: manifest.member,
      audience: audienceOf(recipient),
      at,
      expiresAt,
      body: JSON.stringify({ manifest, sealed }),
    });
  }
  return granted;
};
