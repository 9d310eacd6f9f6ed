import type { MeshId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { StoreWrites } from "../port.ts";
import { dueMeshes } from "../queries/expiry.ts";
import type { Schema } from "../schema.ts";
import { storageError } from "./errors.ts";

/** Expiry appends notices, so that each mesh has a transaction of its own: one that held several meshes would hold all of them up. */
export const expireByMesh =
  (db: Kysely<Schema>, expire: (input: object) => Promise<unknown>): StoreWrites["expire"] =>
  async (input) => {
    if (input.mesh !== undefined) return (await expire(input)) as number;
    let done = 0;
    const meshes: readonly MeshId[] = await dueMeshes(db, input).catch((error: unknown) => {
      throw storageError(error);
    });
    for (const mesh of meshes) {
      if (done >= input.limit) break;
      done += (await expire({ ...input, mesh, limit: input.limit - done })) as number;
    }
    return done;
  };
