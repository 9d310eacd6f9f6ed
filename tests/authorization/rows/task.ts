import { nouns } from "@claudemesh/protocol";
import type { Rows } from "../row.ts";
import { signedRecord } from "../signed-record.ts";
import type { Person, World } from "../world.ts";

const { cancel, claim, complete, create } = nouns.task;

/** A task that the founder has made, for anyone or for one member. */
async function taskOf({ founder }: World, over: object = {}): Promise<string> {
  const input = signedRecord(founder, create.name, { title: "fix the build", ...over });
  return ((await founder.client.call(create.name, input)) as { key: string }).key;
}

const act =
  (
    op: typeof cancel | typeof claim | typeof complete,
    over: (world: World) => object = () => ({}),
  ) =>
  async (by: Person, world: World) =>
    signedRecord(by, op.name, { id: await taskOf(world, over(world)) });

const elsewhere = { elsewhere: "not_found", thief: "forbidden" } as const;

/** Tasks: anyone makes and claims them; what is claimed is its claimer's. */
export const taskRows: Rows = {
  "task.cancel": [{ may: ["admin", "owner"], ...elsewhere, ask: act(cancel) }],
  "task.claim": [
    { may: "all", ...elsewhere, ask: act(claim) },
    {
      of: "one that is for another",
      may: [],
      ...elsewhere,
      ask: act(claim, ({ target }) => ({ assignee: target.member.id })),
    },
  ],
  "task.complete": [
    {
      of: "one that nobody claimed",
      may: [],
      otherwise: "conflict",
      ...elsewhere,
      ask: act(complete),
    },
    {
      of: "one that another claimed",
      may: [],
      ...elsewhere,
      ask: async (by, world) => {
        const id = await taskOf(world);
        const { target } = world;
        await target.client.call(claim.name, signedRecord(target, claim.name, { id }));
        return signedRecord(by, complete.name, { id, result: "mine" });
      },
    },
    {
      of: "one that one has claimed",
      may: "all",
      ...elsewhere,
      ask: async (by, world) => {
        const id = await taskOf(world);
        // Whoever is not in the mesh claims nothing there, and is refused with the rest.
        await by.client.call(claim.name, signedRecord(by, claim.name, { id })).catch(() => {});
        return signedRecord(by, complete.name, { id, result: "done" });
      },
    },
  ],
  "task.create": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "forbidden",
      ask: (by) => signedRecord(by, create.name, { title: "write it down" }),
    },
  ],
  "task.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
};
