import { nouns } from "@claudemesh/protocol";
import type { Rows } from "../row.ts";
import { signedRecord } from "../signed-record.ts";

const { add, del } = nouns.memory;

/** What the mesh remembers: everyone adds to it, and members take away. */
export const memoryRows: Rows = {
  "memory.add": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "forbidden",
      ask: (by) => signedRecord(by, add.name, { text: "the build runs at noon" }),
    },
  ],
  "memory.delete": [
    {
      may: "all",
      but: { guest: "forbidden" },
      elsewhere: "not_found",
      thief: "forbidden",
      ask: async (by, { founder }) => {
        const input = signedRecord(founder, add.name, { text: "for a while" });
        const { key } = (await founder.client.call(add.name, input)) as { key: string };
        return signedRecord(by, del.name, { id: key });
      },
    },
  ],
  "memory.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "memory.search": [
    { may: "all", elsewhere: "yes", thief: "yes", ask: () => ({ query: "build" }) },
  ],
};
