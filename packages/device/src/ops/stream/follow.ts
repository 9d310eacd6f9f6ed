import type { DeviceHandler } from "../../handler.ts";
import { namedIn } from "../../names/member-names.ts";
import { placeOf } from "../../streams/stream-place.ts";
import { askedMesh } from "../target-mesh.ts";

/** Begins to listen, or answers what came since the last answer; waits for it where it is told to. */
export const follow: DeviceHandler<"stream.follow"> = async (input, ctx) => {
  const { mesh, after, wait = 0, ...named } = input;
  const row = askedMesh(ctx, mesh);
  const place = await placeOf(ctx, row, named);
  const begun = await ctx.listening.begin(place);
  const from = after ?? begun;
  const deadline = ctx.now() + wait;
  for (;;) {
    const { count } = ctx.wake;
    const heard = ctx.listening.since(place, from);
    const isDone = heard === undefined || heard.items.length > 0 || heard.dropped > 0;
    if (isDone || ctx.now() >= deadline || ctx.closing.signal.aborted) {
      const named = namedIn(ctx, row.mesh);
      const { items = [], dropped = 0, seq = from } = heard ?? {};
      return {
        items: items.map(({ member, at, text }) => ({
          from: named.get(member)?.name ?? member,
          ...{ member, at, data: JSON.parse(text) },
        })),
        dropped,
        seq,
      };
    }
    if (ctx.wake.count === count) await ctx.wake.wait(ctx.timer, deadline - ctx.now());
  }
};
