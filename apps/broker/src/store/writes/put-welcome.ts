import { MeshError } from "@claudemesh/protocol";
import { setWelcome } from "../queries/invites.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putWelcome: WriteFn<"putWelcome"> = async ({ db, log }, input) => {
  const mesh = log.head(input.mesh);
  if (!(await setWelcome(db, mesh.no, input.invite, input))) {
    throw new MeshError("not_found", `there is no invite ${input.invite} in this mesh`);
  }
};
