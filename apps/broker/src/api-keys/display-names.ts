import type { MemberId, MeshId } from "@claudemesh/protocol";
import type { Store } from "../store/port.ts";

/** meshes whose names are kept; of more, the longest unused are read again */
const most = 200;

/** What members are called by their profiles, read once per mesh and again after one has changed. */
export class DisplayNames {
  readonly #read: Pick<Store["read"], "profiles">;
  readonly #meshes = new Map<MeshId, Promise<ReadonlyMap<MemberId, string>>>();
  readonly #unsubscribe: () => void;

  constructor({ read, onAppend }: Pick<Store, "read" | "onAppend">) {
    this.#read = read;
    this.#unsubscribe = onAppend((mesh, entries) => {
      if (entries.some(({ kind }) => kind === "profile")) this.#meshes.delete(mesh);
    });
  }

  of(mesh: MeshId): Promise<ReadonlyMap<MemberId, string>> {
    const known = this.#meshes.get(mesh) ?? this.#load(mesh);
    this.#meshes.delete(mesh);
    this.#meshes.set(mesh, known);
    const [oldest] = this.#meshes.keys();
    if (this.#meshes.size > most && oldest !== undefined) this.#meshes.delete(oldest);
    return known;
  }

  close(): void {
    this.#unsubscribe();
  }

  #load(mesh: MeshId): Promise<ReadonlyMap<MemberId, string>> {
    const names = this.#read
      .profiles(mesh)
      .then((all) => new Map(all.map(({ member, fields }) => [member, fields.displayName ?? ""])));
    names.catch(() => this.#meshes.delete(mesh));
    return names;
  }
}
