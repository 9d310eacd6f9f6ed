import { z } from "zod";
import { At } from "../bytes.ts";
import { MemberId } from "../ids.ts";
import { op } from "../op.ts";
import { Peer, PeerType } from "../shapes/member.ts";
import { MeshTarget } from "../shapes/target.ts";

export const list = op({
  name: "peer.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "List who is connected now",
  input: z.strictObject({}),
  output: z.object({
    items: z.array(z.object({ member: MemberId, type: PeerType, connectedAt: At })),
  }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(Peer),
      ageMs: z.int().describe("age of the answer when it comes from the cache, else 0"),
    }),
  },
  cli: { alias: ["peers"], primary: 4 },
  tool: "list_peers",
});
