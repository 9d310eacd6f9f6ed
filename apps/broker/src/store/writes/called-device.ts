import { limits } from "@claudemesh/protocol";
import { touchCaller } from "../queries/calling-devices.ts";
import { dropSilentDevices } from "../queries/devices.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const calledDevice: WriteFn<"calledDevice"> = async ({ db, log }, input) => {
  const mesh = log.head(input.mesh);
  await touchCaller(db, mesh.no, input);
  await dropSilentDevices(db, "device_call", mesh.no, {
    member: input.member,
    most: limits.devicesPerMember,
  });
};
