import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openHome } from "../../device/open-home.ts";
import { verifiedSoFar } from "../../render/roster-check.ts";
import { scarceOf } from "../../render/shared-counts.ts";
import { type Check, type Finding, ok } from "./check.ts";

/** files and folders looked at: a home is small, and a link to elsewhere is not followed */
const mostEntries = 10_000;

/** Node is new enough: the program would not have started otherwise, and its version is what a report needs. */
export const runtime: Check = {
  name: "runtime",
  look: async ({ host }) => ok(`Node ${process.versions.node}, claudemesh ${host.version}`),
};

/** The home is there, and nobody else may open it. */
export const permissions: Check = {
  name: "permissions",
  async look({ host }) {
    if (host.platform === "win32") return ok(`${host.home} is guarded by the user's own rights`);
    const root = statSync(host.home, { throwIfNoEntry: false });
    if (root === undefined) return ok(`${host.home} is not there yet; the first verb makes it`);
    // Compiled code that Node keeps in its own way, behind the home's closed door.
    const cache = join(host.home, "cache");
    const open = [
      { path: host.home, mode: root.mode },
      ...readdirSync(host.home, { recursive: true, withFileTypes: true })
        .slice(0, mostEntries)
        .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(cache))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => ({ path, mode: statSync(path).mode })),
    ].filter(({ mode }) => (mode & 0o077) !== 0);
    if (open.length === 0) return ok(`${host.home} is open to you alone`);
    return {
      state: "warn",
      what: `others may open ${open.length === 1 ? open[0]?.path : `${open.length} files of ${host.home}`}`,
      next: `${host.call} doctor --fix`,
      mend: async () => {
        for (const { path, mode } of open) chmodSync(path, mode & 0o700);
      },
    };
  },
};

/** The local store opens, and the keys fit its meshes. */
export const store: Check = {
  name: "store",
  async look({ host, note }) {
    const device = await openHome(host, note);
    try {
      const { meshes } = await device.whoami();
      if (meshes.length > 0) {
        return ok(`${meshes.length === 1 ? "one mesh" : `${meshes.length} meshes`}, with keys`);
      }
      return {
        state: "warn",
        what: "this home is in no mesh yet",
        next: `${host.call} up starts one here; ${host.call} join <link> enters another's`,
      };
    } finally {
      await device.close();
    }
  },
};

/** Every roster was verified whole, or is on its way there. */
export const rosters: Check = {
  name: "rosters",
  async look({ host, note }) {
    const device = await openHome(host, note);
    try {
      const { items } = await device.api.mesh.list({});
      const under = items.filter(({ rosterCheck }) => rosterCheck !== undefined);
      const held = under.find(({ rosterCheck }) => rosterCheck?.alarm !== undefined);
      if (held !== undefined) {
        return {
          state: "fail",
          what: `${held.slug} is held: ${held.rosterCheck?.alarm}`,
          next: `ask its owner on another way, then: ${host.call} leave ${held.slug}`,
        };
      }
      const said = under.map(({ slug, rosterCheck }) => `${slug}: ${verifiedSoFar(rosterCheck)}`);
      return ok(said.length === 0 ? "verified from their first entry on" : said.join("; "));
    } finally {
      await device.close();
    }
  },
};

/** Every broker of this home answers. */
export const brokers: Check = {
  name: "brokers",
  async look({ host, note }) {
    const device = await openHome(host, note);
    try {
      const { meshes } = await device.whoami();
      const silent: string[] = [];
      for (const { id, slug, broker } of meshes) {
        const { ageMs } = await device.api.mesh
          .info({ mesh: id })
          .catch(() => ({ ageMs: Number.POSITIVE_INFINITY }));
        if (ageMs > 0) silent.push(`${slug} (${broker})`);
      }
      if (silent.length === 0) {
        return ok(meshes.length === 0 ? "none to reach yet" : "all answer");
      }
      return unreachable(silent, host.call);
    } finally {
      await device.close();
    }
  },
};

/** No mesh has nearly as much of something as it may have. */
export const shared: Check = {
  name: "shared data",
  async look({ host, note }) {
    const device = await openHome(host, note);
    try {
      const { meshes } = await device.whoami();
      const scarce: string[] = [];
      for (const { id, slug } of meshes) {
        // That a broker does not answer is another check's to say.
        const info = await device.api.mesh.info({ mesh: id }).catch(() => ({}));
        scarce.push(...scarceOf(info).map((what) => `${slug} has ${what}`));
      }
      if (scarce.length === 0) return ok("room for more in every mesh");
      return {
        state: "warn",
        what: scarce.join("; "),
        next: `delete what nobody needs any more: ${host.call} state list, ${host.call} memory list, ${host.call} task list`,
      };
    } finally {
      await device.close();
    }
  },
};

const unreachable = (silent: readonly string[], call: string): Finding => ({
  state: "fail",
  what: `no answer from the broker of ${silent.join(", ")}`,
  next: `start it, or see what fails: ${call} ping --mesh ${silent[0]?.split(" ")[0]}`,
});
