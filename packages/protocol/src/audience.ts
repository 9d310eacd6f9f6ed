import { z } from "zod";
import { MemberId, SessionId, TopicId } from "./ids.ts";

/** Who a log entry is for: `m:<member>`, `s:<session>`, `g:<group path>`, `t:<topic>` or `*`. */
export const Audience = z
  .union([
    z.templateLiteral(["m:", MemberId]),
    z.templateLiteral(["s:", SessionId]),
    z.templateLiteral(["t:", TopicId]),
    z.string().regex(/^g:[a-z0-9-]{1,50}(\/[a-z0-9-]{1,50}){0,7}$/),
    z.literal("*"),
  ])
  .brand<"Audience">()
  .describe("audience key");
export type Audience = z.infer<typeof Audience>;
