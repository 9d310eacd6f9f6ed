import { keepProfile } from "../writing/keep-profile.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const appendProfile: WriteFn<"appendProfile"> = async (context, input) => {
  const mesh = context.log.head(input.mesh);
  if (input.rosterSeq < mesh.barrierSeq) return "barred";
  const seq = await keepProfile(context, mesh, input.profile, input);
  return seq === undefined ? "stale" : { seq };
};
