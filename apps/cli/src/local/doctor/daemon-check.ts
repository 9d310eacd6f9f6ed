import { ensureDaemon, ifRunning } from "../daemon/daemon-of.ts";
import { type Check, ok } from "./check.ts";

const askMs = 5_000;

/** The daemon answers, is of this program's version, and holds its links. */
export const daemon: Check = {
  name: "daemon",
  async look({ host }) {
    if (host.env.CLAUDEMESH_DAEMON === "off") return ok("switched off by CLAUDEMESH_DAEMON");
    const status = await ifRunning(host, (client) => client.route("status", {}, askMs));
    if (status === undefined) {
      return {
        state: "warn",
        what: "not running, so nothing arrives between two verbs",
        next: `${host.call} daemon start`,
        mend: async () => void (await ensureDaemon(host)),
      };
    }
    const size = `${(status.memory.rssBytes / 1e6).toFixed(0)} MB`;
    return ok(`process ${status.pid}, version ${status.version}, ${size}`);
  },
};
