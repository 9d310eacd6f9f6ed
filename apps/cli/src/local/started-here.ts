import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MeshError, MeshId } from "@claudemesh/protocol";

/** Remembers, beside a broker's data, which mesh `up` made there: it goes where the data goes. */
const fileName = "up.json";

/** The mesh that `up` made on the broker of this data folder, or undefined before the first run. Throws `home_damaged`. */
export async function readStartedMesh(dataDir: string): Promise<MeshId | undefined> {
  const path = join(dataDir, fileName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const mesh = MeshId.safeParse(meshIn(text));
  if (mesh.success) return mesh.data;
  throw new MeshError("home_damaged", `${path} cannot be read whole`, {
    hint: `remove ${path} and run it again; a new mesh is made, and no message is lost`,
  });
}

/** Keeps `mesh` as the one that `up` made here, whole or not at all. */
export async function keepStartedMesh(dataDir: string, mesh: MeshId): Promise<void> {
  const path = join(dataDir, fileName);
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify({ v: 1, mesh })}\n`, { mode: 0o600, flush: true });
  await rename(draft, path);
}

function meshIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { mesh?: unknown } | null)?.mesh;
  } catch {
    return undefined;
  }
}
