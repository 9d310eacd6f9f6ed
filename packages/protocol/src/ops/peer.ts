import { z } from "zod";
import { op } from "../op.ts";
import { Peer, WirePeer } from "../shapes/peer.ts";
import { MeshTarget } from "../shapes/target.ts";

export const list = op({
  name: "peer.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "any" },
  summary: "List who is connected now",
  input: z.strictObject({
    key: z
      .string()
      .regex(/^[0-9a-f]{8,64}$/, "expected 8 to 64 hex digits")
      .optional()
      .describe("only sessions whose signing key begins so; hidden and just ended ones too"),
  }),
  output: z.object({ items: z.array(WirePeer) }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(Peer),
      ageMs: z.int().describe("age of the answer when it comes from the cache, else 0"),
    }),
  },
  rest: "GET /v1/peers",
  cli: { alias: ["peers"], primary: 4 },
  tool: "list_peers",
});
