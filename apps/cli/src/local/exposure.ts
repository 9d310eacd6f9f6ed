import type { Host, RunningBroker } from "../host.ts";
import { isLoopback } from "./broker-settings.ts";

/** What to say of a broker that listens beyond this machine; empty when it does not, or when https stands before it. */
export function exposureNotes(running: RunningBroker, host: Host): readonly string[] {
  const shared = running.publicUrl;
  if (isLoopback(running.host) || shared.startsWith("https:")) return [];
  return [
    `warning: others reach this broker at ${shared}, which is plain http: contents stay encrypted,`,
    `but who talks to whom can be watched. Put https before it: ${host.call} up --public-url https://<name>`,
  ];
}
