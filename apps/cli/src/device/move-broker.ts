import type { Device } from "@claudemesh/device";
import { MeshError, type MeshId } from "@claudemesh/protocol";

/** A device that can be told that a mesh's broker has another address now. */
interface Movable {
  rebase(mesh: MeshId, url: string): Promise<void>;
}

const isMovable = (device: Device): device is Device & Movable =>
  typeof (device as Partial<Movable>).rebase === "function";

/** Has this home dial its own broker at `url` from now on. Throws `conflict` when the device cannot move a mesh. */
export async function moveBroker(device: Device, mesh: MeshId, url: string): Promise<void> {
  if (isMovable(device)) return device.rebase(mesh, url);
  throw new MeshError("conflict", `this home reaches its mesh at another address than ${url}`, {
    hint: "start with the --port of the first run",
  });
}
