import { MeshError } from "@claudemesh/protocol";

/** What is asked for is not there, or not for the caller. */
export const notThere = (noun: string): MeshError =>
  new MeshError("not_found", "there is nothing of that key or id", {
    hint: `claudemesh ${noun} list shows what there is`,
  });
