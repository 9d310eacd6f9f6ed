import { MeshError } from "@claudemesh/protocol";
import { touchDevice } from "../../queries/devices.ts";
import type { WriteFn } from "../write-context.ts";

export const seenDevice: WriteFn<"seenDevice"> = async ({ db, log }, input) => {
  const mesh = log.head(input.mesh);
  if (input.startSeq > mesh.headSeq) {
    throw new MeshError("cursor_invalid", `seq ${input.startSeq} is past the end of the log`);
  }
  return { cursorSeq: await touchDevice(db, mesh.no, input) };
};
