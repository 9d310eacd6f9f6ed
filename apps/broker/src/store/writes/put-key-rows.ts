import { audienceOf } from "@claudemesh/protocol";
import { addKeyRow } from "../queries/key-rows.ts";
import { dropKeyWant, isBegun, offerKey } from "../queries/keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putKeyRows: WriteFn<"putKeyRows"> = async ({ db, log }, input) => {
  const mesh = log.head(input.mesh);
  const { at, expiresAt } = input;
  let kept = 0;
  for (const { row, id } of input.rows) {
    const { author, commitment, recipient } = row;
    if (!(await addKeyRow(db, mesh.no, row))) continue;
    kept += 1;
    if (!(await isBegun(db, mesh.no, commitment))) {
      await offerKey(db, mesh.no, { author, commitment, at });
      continue;
    }
    await dropKeyWant(db, mesh.no, { member: recipient, commitment });
    const audience = audienceOf(recipient);
    const body = JSON.stringify(row);
    log.append(mesh, { id, kind: "key", sender: null, audience, at, expiresAt, body });
  }
  return kept;
};
