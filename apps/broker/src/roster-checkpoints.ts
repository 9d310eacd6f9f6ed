import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkpointAt, isOwnCheckpoint, type RosterCheckpoint } from "@claudemesh/crypto/verify";
import type { MeshId, RosterHead } from "@claudemesh/protocol";
import { z } from "zod";

/** entries that are verified again rather than noted */
const worthNoting = 1_000;

const File = z.record(
  z.string(),
  z.object({ seq: z.int().min(0), hash: z.string(), mac: z.string() }),
);

/** Up to where this broker has verified the chains of large meshes, in a file beside its keys and under one of them, so that a start does not verify every signature again. To lose it costs time alone. */
export class RosterCheckpoints {
  readonly #path: string;
  readonly #key: Uint8Array;

  constructor(folder: string, key: Uint8Array) {
    this.#path = join(folder, "roster-checkpoints.json");
    this.#key = key;
  }

  /** Undefined where there is none, or none that this broker made. */
  of(mesh: MeshId): RosterHead | undefined {
    const found = this.#read()[mesh] as RosterCheckpoint | undefined;
    return found && isOwnCheckpoint(this.#key, mesh, found) ? found : undefined;
  }

  /** Notes a head where that spares the next start much; what cannot be written is left. */
  keep(mesh: MeshId, head: RosterHead, before: RosterHead | undefined): void {
    if (head.seq < (before?.seq ?? 0) + worthNoting) return;
    const all = { ...this.#read(), [mesh]: checkpointAt(this.#key, mesh, head) };
    const part = `${this.#path}.${process.pid}.part`;
    try {
      writeFileSync(part, `${JSON.stringify(all)}\n`, { mode: 0o600 });
      renameSync(part, this.#path);
    } catch {
      // The next start verifies it all again.
    }
  }

  #read(): z.infer<typeof File> {
    try {
      return File.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch {
      return {};
    }
  }
}
