import { putProfile } from "../../queries/profiles.ts";
import { profileEntry } from "../statement-entries.ts";
import type { WriteFn } from "../write-context.ts";

export const appendProfile: WriteFn<"appendProfile"> = async ({ db, log }, input) => {
  const mesh = log.head(input.mesh);
  if (!(await putProfile(db, mesh.no, input.profile))) return "stale";
  return { seq: log.append(mesh, profileEntry(input.profile, input)) };
};
