import type { Handler } from "../../handler.ts";
import { meshInfo } from "./mesh-info.ts";

export const info: Handler<"mesh.info"> = (_input, ctx) => meshInfo(ctx, ctx.roster);
