import type { AnyOp } from "../../op.ts";
import { nouns } from "../../registry.ts";
import { commandLine, commandWords } from "../command-line.ts";
import { admin } from "./admin.ts";
import { core } from "./core.ts";
import { platform } from "./platform.ts";
import { scheduleShard } from "./schedule.ts";
import type { Shard } from "./shard.ts";

const shards: readonly Shard[] = [core, platform, scheduleShard, admin];

/** A skill as agents load it: a folder of this name with this text as SKILL.md (agentskills.io). */
export interface Skill {
  readonly name: string;
  readonly text: string;
}

/** The skills that teach an agent to use the program that is run as `call`: advice by hand, verbs from the declarations. */
export const skills = (call: string): readonly Skill[] =>
  shards.map((shard) => ({ name: shard.name, text: skillText(shard, call) }));

/** A rough count for English text and code: four characters to a token. Tokenizers differ, so this is no one's exact figure. */
export const aboutTokens = (text: string): number => Math.ceil(text.length / 4);

function skillText(shard: Shard, call: string): string {
  const verbs = shard.nouns
    .flatMap((noun) => Object.values(nouns[noun]) as AnyOp[])
    .filter(({ cli }) => cli !== undefined)
    .map((declared) => `- \`${commandLine(declared)}\`: ${declared.summary}`);
  return [
    "---",
    `name: ${shard.name}`,
    `description: ${JSON.stringify(shard.description)}`,
    "---",
    "",
    ...shard.advice(call),
    "",
    `Run as \`${call} <verb>\`; every verb takes \`--json\` and \`--help\`:`,
    "",
    ...verbs,
    "",
  ].join("\n");
}

/**
 * What agents may run unprompted, as command words: everything that only reads, and of what the core skill teaches whatever is an agent's tool too. What
 * guards a person against agents is neither.
 */
export const unpromptedVerbs = (): readonly string[] =>
  Object.entries(nouns)
    .flatMap(([noun, family]) => {
      const isCore = core.nouns.includes(noun as keyof typeof nouns);
      return (Object.values(family) as AnyOp[]).filter(
        ({ cli, kind, tool }) =>
          cli !== undefined &&
          cli.confirm === undefined &&
          (kind === "query" || (isCore && tool !== undefined)),
      );
    })
    .map((declared) => commandWords(declared))
    .sort();
