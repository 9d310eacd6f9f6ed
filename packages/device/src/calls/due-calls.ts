import type { EdgeOpName, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";

/** Who does what is due, per mesh that is kept open here. */
export class DueCalls {
  readonly #pumps = new Map<MeshId, { wake(): void }>();

  /** how an operation is carried out; given by the device itself, whose operations know of schedules */
  call: (ctx: DeviceContext, name: EdgeOpName, input: object) => Promise<unknown> = async () => {
    throw new TypeError("there is no device yet");
  };

  keep(mesh: MeshId, pump: { wake(): void }): void {
    this.#pumps.set(mesh, pump);
  }

  /** Something is due in a mesh. */
  wake(mesh: MeshId): void {
    this.#pumps.get(mesh)?.wake();
  }
}
