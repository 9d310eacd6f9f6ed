import { aboutTokens } from "@claudemesh/protocol/derive";
import { requireClaude } from "../../agent/claude-code/binary.ts";
import { installInto } from "../../agent/claude-code/install.ts";
import { jsonLine } from "../../render/json.ts";
import { cleanLine } from "../../terminal/clean.ts";
import type { LocalRun } from "../run.ts";

/** Brings claudemesh into Claude Code. */
export const run: LocalRun = async (input, { host, machine, terminal, print, note }) => {
  const claude = await requireClaude(host, "install");
  const done = await installInto(claude, host, {
    hooks: input.hooks !== false,
    statusLine: input.statusLine === true,
  });
  const { record, isChanged, fallback, keptStatusLine } = done;
  const skills = done.skills.map(({ name, text }) => ({ name, aboutTokens: aboutTokens(text) }));
  if (machine) {
    return print(
      jsonLine({
        agent: "claude-code",
        version: claude.version,
        way: record.way,
        changed: isChanged,
        hooks: record.hooks,
        statusLine: record.statusLine,
        skills,
        ...(fallback === undefined ? {} : { fallback }),
      }),
    );
  }
  const ok = terminal.paint("good", terminal.icons.ok);
  const parts = [
    ...(record.hooks ? ["hooks"] : []),
    "push",
    ...(record.statusLine ? ["status line"] : []),
    `${skills.length} skills`,
  ];
  const sizes = skills.map(({ name, aboutTokens }) => `${name} about ${aboutTokens} tokens`);
  const state = isChanged ? "is in" : "was in already, nothing changed:";
  await print(
    `${ok} claudemesh ${state} Claude Code ${claude.version}: ${parts.join(", ")}\n  skills, loaded when needed: ${sizes.join("; ")}\n`,
  );
  if (fallback !== undefined)
    note(`written into its settings files instead of a plugin: ${cleanLine(fallback)}`);
  if (keptStatusLine) note("your own status line was kept; remove it first to have ours");
  note(
    `next: start claude as always, or see ${host.call} doctor; sessions that run now must be restarted`,
  );
};
