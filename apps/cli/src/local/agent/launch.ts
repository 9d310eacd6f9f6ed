import { requireClaude } from "../../agent/claude-code/binary.ts";
import { pluginFolder } from "../../agent/claude-code/install.ts";
import { writePlugin } from "../../agent/claude-code/plugin-for-launch.ts";
import { readRecord } from "../../agent/claude-code/record.ts";
import { runAgent } from "../../agent/run-agent.ts";
import { openHome } from "../../device/open-home.ts";
import { firstRun } from "../first-run.ts";
import type { LocalContext, LocalRun } from "../run.ts";

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Starts Claude Code with claudemesh in it, and ends as it ends. */
export const run: LocalRun = async (input, context) => {
  const { host } = context;
  if (input.isBare === true) await firstRun(context);
  const claude = await requireClaude(host, "launch");
  await ready(text(input.join), text(input.mesh), text(input.name), context);
  const isInstalled = readRecord(host.home)?.way !== undefined;
  if (!isInstalled) writePlugin(host);
  const resume = text(input.resume);
  const prompt = text(input.systemPrompt);
  const args = [
    ...(isInstalled ? [] : ["--plugin-dir", pluginFolder(host.home)]),
    ...(input.continue === true ? ["--continue"] : []),
    ...(resume === undefined ? [] : ["--resume", resume]),
    ...(prompt === undefined ? [] : ["--system-prompt", prompt]),
    ...context.passedOn,
  ];
  const mesh = text(input.mesh);
  const name = text(input.name);
  const env = {
    ...host.env,
    CLAUDEMESH_HOME: host.home,
    ...(mesh === undefined ? {} : { CLAUDEMESH_MESH: mesh }),
    ...(name === undefined ? {} : { CLAUDEMESH_NAME: name }),
  };
  return runAgent(claude.path, args, env, host);
};

/** Joins where a link was given, and finds out now, not inside the agent, that a mesh is not there. */
async function ready(
  invite: string | undefined,
  mesh: string | undefined,
  name: string | undefined,
  { host, note }: LocalContext,
): Promise<void> {
  if (invite === undefined && mesh === undefined) return;
  const device = await openHome(host, note);
  try {
    if (invite !== undefined) {
      const joined = await device.api.invite.claim({
        invite,
        ...(name === undefined ? {} : { name }),
      });
      note(`joined ${joined.slug}`);
    }
    if (mesh !== undefined) await device.api.mesh.info({ mesh });
  } finally {
    await device.close();
  }
}
