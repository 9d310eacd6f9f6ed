import { limits, MeshError } from "@claudemesh/protocol";
import { dropSilentDevices, touchDevice } from "../queries/devices.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const seenDevice: WriteFn<"seenDevice"> = async ({ db, log }, input) => {
  const mesh = log.head(input.mesh);
  if (input.startSeq > mesh.headSeq) {
    throw new MeshError("cursor_invalid", `seq ${input.startSeq} is past the end of the log`);
  }
  const cursorSeq = await touchDevice(db, mesh.no, input);
  await dropSilentDevices(db, "device", mesh.no, {
    member: input.member,
    most: limits.devicesPerMember,
  });
  return { cursorSeq };
};
