import { type Device, openDevice } from "@claudemesh/device";
import type { Host } from "../host.ts";

/** Opens this home's device; `warn` hears what a person should know beside the answer. */
export const openHome = (host: Host, warn: (text: string) => void): Promise<Device> =>
  openDevice({
    home: host.home,
    now: host.now,
    random: host.random,
    defaultName: host.userName,
    ...(host.env.CLAUDEMESH_BROKER ? { defaultBroker: host.env.CLAUDEMESH_BROKER } : {}),
    client: `claudemesh-cli/${host.version}`,
    log: (level, message) => {
      if (level === "warn") warn(`warning: ${message}`);
    },
  });
