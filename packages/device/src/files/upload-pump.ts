import { MeshError, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { getMembership } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { failUpload, uploadRows } from "../store/upload-rows.ts";
import { giveUpUpload } from "./give-up-upload.ts";
import { runUpload } from "./run-upload.ts";

/** Uploads what waits in a mesh while its connection is open, one file after the other; what cannot be shared is told once and kept. */
export class UploadPump {
  readonly #ctx: DeviceContext;
  readonly #mesh: MeshId;
  #isOpen = false;
  #isRunning = false;

  constructor(ctx: DeviceContext, mesh: MeshId) {
    this.#ctx = ctx;
    this.#mesh = mesh;
  }

  /** A connection is open. */
  begin(): void {
    this.#isOpen = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run()
      .catch((error) => this.#ctx.log("warn", `files wait to be uploaded: ${String(error)}`))
      .finally(() => {
        this.#isRunning = false;
      });
  }

  /** The connection is gone. */
  end(): void {
    this.#isOpen = false;
  }

  async #run(): Promise<void> {
    const { store } = this.#ctx;
    for (const upload of uploadRows(store, this.#mesh)) {
      const row = getMembership(store, this.#mesh);
      if (!this.#isOpen || row === undefined) return;
      if (upload.failed !== null) continue;
      try {
        await runUpload(this.#ctx, row, upload);
      } catch (error) {
        if (isUnreachable(error)) return;
        await giveUpUpload(this.#ctx, row, upload.id);
        const why = error instanceof MeshError ? error.message : String(error);
        store.write(() => {
          failUpload(store, upload.id, why);
          addNotice(store, {
            ...{ mesh: this.#mesh, key: `upload:${upload.id}`, code: "conflict" },
            text: `${upload.name} was not shared: ${why}`,
            at: this.#ctx.now(),
          });
        });
      }
    }
  }
}
