import { JobId } from "@claudemesh/protocol";
import { idByEnd } from "../names/id-by-end.ts";

/** The job that is named by its id or the id's end, among those that `list` answers. Throws `not_found`, and `malformed` for an end that several have. */
export async function findJob(
  typed: string,
  list: () => Promise<{ readonly items: readonly { readonly id: JobId }[] }>,
): Promise<JobId> {
  const whole = JobId.safeParse(typed);
  if (whole.success) return whole.data;
  const { items } = await list();
  return idByEnd(
    typed,
    items.map(({ id }) => id),
  );
}
