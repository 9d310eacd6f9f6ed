import type { MeshId, SessionId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { getDevicePresence } from "../store/device-presence.ts";

/** Whether an agent session of this home is in a mesh besides the one that is named. */
export const hasSibling = (
  { sessions }: DeviceContext,
  mesh: MeshId,
  besides: SessionId | undefined,
): boolean =>
  sessions
    .list()
    .some(({ meshes }) => meshes.some((one) => one.mesh === mesh && one.session !== besides));

/** Whether this home hides itself from others: its person said so, and no agent session of it is visible. */
export const isHomeHidden = ({ sessions, store }: DeviceContext): boolean =>
  getDevicePresence(store).visible === 0 && sessions.list().every(({ visible }) => !visible);
