import { audienceOf } from "@claudemesh/protocol";
import { putGrants } from "../queries/grants.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const appendGrants: WriteFn<"appendGrants"> = async ({ db, log }, input) => {
  const { grants, hash, at, expiresAt } = input;
  const mesh = log.head(input.mesh);
  if (input.rosterSeq < mesh.barrierSeq) return "barred";
  if (!(await putGrants(db, mesh.no, input))) return "stale";
  const seq = log.append(mesh, {
    id: hash,
    kind: "grants",
    sender: grants.member,
    audience: audienceOf(grants.member),
    at,
    expiresAt,
    body: JSON.stringify(grants),
  });
  return { seq };
};
