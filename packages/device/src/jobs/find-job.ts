import { JobId, MeshError } from "@claudemesh/protocol";

/** The job that is named by its id or the id's end, among those that `list` answers. Throws `not_found`, and `malformed` for an end that several have. */
export async function findJob(
  typed: string,
  list: () => Promise<{ readonly items: readonly { readonly id: JobId }[] }>,
): Promise<JobId> {
  const whole = JobId.safeParse(typed);
  if (whole.success) return whole.data;
  const { items } = await list();
  const found = items.map(({ id }) => id).filter((id) => id.endsWith(typed));
  const [only, more] = found;
  if (only === undefined)
    throw new MeshError("not_found", `id: there is none that ends in ${typed}`);
  if (more === undefined) return only;
  throw new MeshError("malformed", `id: several end in ${typed}`, {
    hint: found.slice(0, 10).join(" "),
  });
}
