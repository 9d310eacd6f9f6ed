import type { MeshId, SessionId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { devicePresenceIn } from "../store/presence-in-mesh.ts";

/** Whether an agent session of this home is in a mesh besides the one that is named. */
export const hasSibling = (
  { sessions }: DeviceContext,
  mesh: MeshId,
  besides: SessionId | undefined,
): boolean =>
  sessions
    .list()
    .some(({ meshes }) => meshes.some((one) => one.mesh === mesh && one.session !== besides));

/** Whether this home hides itself from others in a mesh: its person said so, and no agent session of it is visible there. */
export const isHomeHidden = ({ sessions, store }: DeviceContext, mesh: MeshId): boolean =>
  devicePresenceIn(store, mesh).visible === 0 &&
  sessions.list().every(({ meshes }) => meshes.every((one) => one.mesh !== mesh || !one.visible));
