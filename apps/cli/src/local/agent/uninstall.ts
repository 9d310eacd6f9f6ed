import { uninstallFrom } from "../../agent/claude-code/uninstall.ts";
import { jsonLine } from "../../render/json.ts";
import { confirmWord } from "../../runner/confirm.ts";
import type { LocalRun } from "../run.ts";

/** Takes claudemesh out of Claude Code. Keys, messages and meshes stay. */
export const run: LocalRun = async (_input, { host, globals, machine, print, note }) => {
  await confirmWord(
    { name: "uninstall", word: "uninstall", what: "Take claudemesh out of Claude Code" },
    globals,
    host,
  );
  const removed = await uninstallFrom(host);
  if (machine) return print(jsonLine({ agent: "claude-code", removed }));
  await print(
    removed
      ? "Claude Code is as it was before; your keys, meshes and messages stay.\n"
      : "Nothing to take out: this home has not been installed into Claude Code.\n",
  );
  if (removed) note("sessions that run now keep what they loaded until they end");
};
