import type { FileTransfer, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { uploadRows } from "../store/upload-rows.ts";

/** What waits to be uploaded, of a mesh or all. */
export const waitingUploads = ({ store }: DeviceContext, mesh?: MeshId): FileTransfer[] =>
  uploadRows(store, mesh).map(({ id, name, bytes, failed }) => ({
    ...{ id, name, bytes, direction: "up", done: 0 },
    ...(failed === null ? { state: "pending" } : { state: "failed", reason: failed }),
  }));
