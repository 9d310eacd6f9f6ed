import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../port.ts";
import { creation, type OpenStore } from "./fixtures.ts";

/** Runs a test on a fresh store that has one mesh; `reopen` closes it and opens the same folder again. */
export type WithStore = (
  test: (store: Store, reopen: () => Promise<Store>) => Promise<void>,
) => Promise<void>;

/** A `WithStore` over one implementation. */
export const withStoreOf =
  (open: OpenStore): WithStore =>
  async (test) => {
    const folder = await mkdtemp(join(tmpdir(), "claudemesh-store-"));
    let store = await open(folder);
    try {
      await store.write.createMesh(creation());
      await test(store, async () => {
        await store.close();
        store = await open(folder);
        return store;
      });
    } finally {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
