import { z } from "zod";
import { MemberId } from "../ids.ts";
import { op } from "../op.ts";
import { MemberInfo, MemberPresence } from "../shapes/member.ts";
import { MeshTarget } from "../shapes/target.ts";
import { Profile, ProfileFields } from "../statements/profile.ts";

export const list = op({
  name: "member.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "List the members of a mesh",
  input: z.strictObject({}),
  output: z.object({ items: z.array(MemberPresence) }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(MemberInfo),
      ageMs: z.int().describe("age of the answer when it comes from the cache, else 0"),
    }),
  },
  cli: {},
});

export const update = op({
  name: "member.update",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Show your profile, or change what is named",
  input: z.strictObject({ profile: Profile }),
  output: z.object({ member: MemberId, version: z.int() }),
  errors: ["clock_skew", "conflict", "not_found"],
  open: {
    input: MeshTarget.extend(ProfileFields.partial().shape),
    output: z.object({ member: MemberId, version: z.int(), profile: ProfileFields }),
  },
  cli: { alias: ["profile"] },
  tool: "set_profile",
});
