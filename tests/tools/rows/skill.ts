import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Scene, ToolRows } from "../row.ts";

const said = { description: "How we review", instructions: "Read it twice." };

const published = async ({ alice }: Scene, name: string) => {
  await (await alice.device()).api.skill.share({ name, ...said });
  return name;
};

export const skillTools: ToolRows = {
  mesh_skill_deploy: {
    good: ({ alice }) => {
      const source = join(dirname(alice.home), "tidy");
      mkdirSync(source, { recursive: true });
      const head = `---\nname: tidy\ndescription: ${said.description}\n---\n`;
      writeFileSync(join(source, "SKILL.md"), `${head}${said.instructions}\n`);
      return { source };
    },
    expect: ({ items }) => assert.match(JSON.stringify(items), /"tidy"/),
  },
  get_skill: {
    good: async (scene) => ({ name: await published(scene, "review") }),
    expect: ({ instructions }) => assert.equal(instructions, said.instructions),
  },
  list_skills: { good: () => ({}) },
  remove_skill: { good: async (scene) => ({ name: await published(scene, "stale") }) },
  share_skill: {
    good: () => ({ name: "deploys", ...said, tags: ["ops"] }),
    expect: ({ name }) => assert.equal(name, "deploys"),
  },
};
