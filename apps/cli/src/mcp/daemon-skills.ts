import { type DaemonParts, daemonDevice } from "./daemon-device.ts";
import { type SkillSet, skillSet } from "./skill-set.ts";

/** The skills that this home's daemon knows, on behalf of one agent session. */
export function daemonSkills(parts: DaemonParts): SkillSet {
  const device = daemonDevice(parts);
  return skillSet({
    list: async () => (await (await device()).api.skill.list({})).items,
    get: async (mesh, name) => (await device()).api.skill.get({ mesh, name }),
  });
}
