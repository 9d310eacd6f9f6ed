import type { DeviceEvent } from "../online/device-events.ts";

/** What happens in a mesh that an agent session may be told of. */
export type NewsEvent = Extract<
  DeviceEvent,
  { type: "clock_tick" | "peer_joined" | "peer_left" | "peer_returned" | "record_changed" }
>;

/** The kinds of news, as people choose among them. */
export const newsKinds = ["clock", "context", "memory", "peer", "skill", "state", "task"] as const;
export type NewsKind = (typeof newsKinds)[number];

/** What kind of news an event is; undefined where it is none. */
export function newsKind(event: DeviceEvent): NewsKind | undefined {
  switch (event.type) {
    case "clock_tick":
      return "clock";
    case "peer_joined":
    case "peer_left":
    case "peer_returned":
      return "peer";
    case "record_changed":
      return newsKinds.find((kind) => kind === event.noun);
    default:
      return undefined;
  }
}

export const isNews = (event: DeviceEvent): event is NewsEvent => newsKind(event) !== undefined;

/** What an event is about: of several about the same, only the newest is told. */
export function newsSubject(event: NewsEvent): string {
  const { mesh, type } = event;
  if (type === "clock_tick") return JSON.stringify([mesh, type]);
  if (type === "record_changed") {
    return JSON.stringify([mesh, event.noun, event.topic ?? "", event.key]);
  }
  return JSON.stringify([mesh, "peer", event.peer.key]);
}
