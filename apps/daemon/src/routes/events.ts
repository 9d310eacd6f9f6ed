import type { RouteHandler } from "./route-handler.ts";

/** A line now and then shows a reader that is gone without a word. */
const beatMs = 30_000;

/** What happens in the device from now on, as server-sent events. */
export const events: RouteHandler<"events"> = (_input, _caller, ctx) => (sink) => {
  const unlisten = ctx.device.listen((event) => {
    sink.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  let cancel = () => {};
  const beat = () => {
    sink.write(": still here\n\n");
    cancel = ctx.timer(beatMs, beat);
  };
  beat();
  const end = () => sink.end();
  ctx.stopping.addEventListener("abort", end, { once: true });
  sink.onClose(() => {
    unlisten();
    cancel();
    ctx.stopping.removeEventListener("abort", end);
  });
};
