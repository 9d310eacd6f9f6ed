import { events } from "./events.ts";
import { hello } from "./hello.ts";
import type { RouteHandlers } from "./route-handler.ts";
import { status } from "./status.ts";

/** The daemon's routes besides the operations, sorted. */
export const routeHandlers: RouteHandlers = {
  agentHook: (body, _caller, { agents }) => agents.hook(body),
  agentHookDone: ({ call }, _caller, { agents }) => {
    agents.hookDone(call);
    return {};
  },
  agentNews: ({ agentSession }, _caller, { agents }) => agents.news(agentSession),
  agentPipe:
    (body, _caller, { agents }) =>
    (sink) =>
      agents.pipe(body, sink),
  agentPipeDone: (done, _caller, { agents }) => {
    agents.pipeDone(done);
    return {};
  },
  cancel: (_input, { reader }) => {
    reader.stop();
    return {};
  },
  confirm: async ({ way, ids }, { reader }) => ({ count: await reader.confirmHandOver(way, ids) }),
  drain: async ({ meshes }, _caller, { device }) => {
    await device.drain(meshes);
    return {};
  },
  events,
  hello,
  personal: async (_input, _caller, { personal }) => ({ url: await personal.url() }),
  rebase: async ({ mesh, url }, _caller, { device }) => {
    await device.rebase(mesh, url);
    return {};
  },
  status,
  stop: (_input, _caller, { stop }) => {
    stop("asked to");
    return {};
  },
  whoami: (_input, _caller, { device }) => device.whoami(),
};
