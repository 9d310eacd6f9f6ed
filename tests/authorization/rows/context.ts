import { nouns } from "@claudemesh/protocol";
import type { Rows } from "../row.ts";
import { signedRecord } from "../signed-record.ts";

const { share } = nouns.context;

/** What members tell of their work: each its own. */
export const contextRows: Rows = {
  "context.get": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({ query: "src" }) }],
  "context.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "context.share": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "forbidden",
      ask: (by) => signedRecord(by, share.name, { summary: "the store", files: ["src/store.ts"] }),
    },
  ],
};
