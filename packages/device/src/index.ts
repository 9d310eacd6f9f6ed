export type { DeviceOptions } from "./build-context.ts";
export { type Device, type LocalDevice, openDevice } from "./device.ts";
export type { Boundary, Way } from "./hand-over/boundary.ts";
export type { Delivery, HandOver, Unseen } from "./hand-over/types.ts";
export type { DeviceHandler, DeviceHandlers } from "./handler.ts";
export type { Log } from "./home/home-folder.ts";
export {
  isNews,
  type NewsEvent,
  type NewsKind,
  newsKind,
  newsKinds,
  newsSubject,
} from "./news/news-event.ts";
export type { DeviceEvent, LinkStanding, PeerNews } from "./online/device-events.ts";
export type { MeshStanding } from "./online/mesh-standing.ts";
export type { Reader, ReaderOptions } from "./reader.ts";
export type {
  AgentSession,
  AgentSessions,
  Lease,
  SessionChange,
  StartInfo,
} from "./sessions/agent-session.ts";
export type { Whoami } from "./whoami.ts";
