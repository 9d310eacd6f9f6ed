import { neutralise } from "@claudemesh/device/framing";
import type { OpenOutput } from "@claudemesh/protocol";
import { RpcError, rpcCodes } from "./json-rpc.ts";

type Listed = OpenOutput<"skill.list">["items"][number];
type Skill = OpenOutput<"skill.get">;

/** How skills are come by: over the daemon, on behalf of one agent session. */
export interface SkillCalls {
  list(): Promise<readonly Listed[]>;
  get(mesh: string, name: string): Promise<Skill>;
}

/** The skills of this home's meshes as prompts and resources of MCP. */
export interface SkillSet {
  prompts(): Promise<readonly object[]>;
  prompt(name: string, given: string): Promise<object>;
  resources(): Promise<readonly object[]>;
  resource(uri: string): Promise<object>;
}

const scheme = "skill://";
const main = "SKILL.md";

/** Skills as an agent is shown them: those of someone whom no person here has said yes to without their instructions. */
export function skillSet(calls: SkillCalls): SkillSet {
  const named = async () => {
    const all = await calls.list();
    const isTwice = (name: string) => all.filter((one) => one.name === name).length > 1;
    return all.map((skill) => ({
      skill,
      name: isTwice(skill.name) ? `${skill.mesh.slug}/${skill.name}` : skill.name,
    }));
  };
  return {
    prompts: async () =>
      (await named())
        .filter(({ skill }) => skill.userInvocable !== false)
        .map(({ name, skill }) => ({
          name,
          description: describe(skill),
          arguments: [
            {
              name: "arguments",
              description: skill.argumentHint ?? "what the skill is to work on",
              required: false,
            },
          ],
        })),
    prompt: async (name, given) => {
      const found = (await named()).find((one) => one.name === name);
      if (found === undefined) throw absent("prompt", name);
      const skill = await calls.get(found.skill.mesh.id, found.skill.name);
      const content = { type: "text", text: promptText(skill, given) };
      return { description: describe(skill), messages: [{ role: "user", content }] };
    },
    resources: async () =>
      (await calls.list()).flatMap((skill) =>
        [main, ...(skill.trusted ? skill.files : [])].map((path) => ({
          uri: uriOf(skill, path),
          name: path === main ? skill.name : `${skill.name}/${path}`,
          ...(path === main ? { description: describe(skill) } : {}),
          mimeType: path.endsWith(".md") ? "text/markdown" : "text/plain",
        })),
      ),
    resource: async (uri) => {
      const all = await calls.list();
      const paths = (one: Listed) => [main, ...one.files];
      const skill = all.find((one) => paths(one).some((path) => uriOf(one, path) === uri));
      const path = skill && paths(skill).find((one) => uriOf(skill, one) === uri);
      if (skill === undefined || path === undefined) throw absent("resource", uri);
      const read = await calls.get(skill.mesh.id, skill.name);
      const file = read.contents?.find((one) => one.path === path);
      const text = path === main ? promptText(read, "") : (file?.text ?? notTrusted(read));
      return { contents: [{ uri, mimeType: "text/markdown", text }] };
    },
  };
}

const uriOf = ({ mesh, name }: Listed, path: string): string =>
  `${scheme}${[mesh.slug, name, ...path.split("/")].map(encodeURIComponent).join("/")}`;

const by = ({ author, mesh }: Pick<Listed, "author" | "mesh">): string =>
  `${oneLine(author.name)} in mesh ${oneLine(mesh.slug)}`;

const describe = (skill: Listed | Skill): string =>
  [
    oneLine(skill.description),
    ...(skill.whenToUse === undefined ? [] : [`When to use: ${oneLine(skill.whenToUse)}`]),
    `(shared by ${by(skill)}${skill.trusted ? "" : "; not trusted here yet"})`,
  ].join(" ");

function promptText(skill: Skill, given: string): string {
  const { instructions, name } = skill;
  if (!skill.trusted || instructions === undefined) return notTrusted(skill);
  const text = instructions.includes("$ARGUMENTS")
    ? instructions.replaceAll("$ARGUMENTS", () => given)
    : `${instructions}${given === "" ? "" : `\n\nARGUMENTS: ${given}`}`;
  const tools = skill.allowedTools?.map(oneLine).join(", ");
  return [
    `Skill ${name}, shared by ${by(skill)}, signed by its author; your user trusts it.`,
    ...fork(skill),
    ...(tools === undefined ? [] : [`Tools that it is meant to use: ${tools}.`]),
    ...(skill.files.length === 0
      ? []
      : [`Its files are resources: ${skill.files.map((path) => uriOf(skill, path)).join(" ")}`]),
    "",
    text,
  ].join("\n");
}

/** What `context: fork` asks of an agent. */
function fork({ agent, context, model }: Skill): string[] {
  if (context !== "fork") return model === undefined ? [] : [`Meant for model ${oneLine(model)}.`];
  const type = agent === undefined ? "" : ` of type ${oneLine(agent)}`;
  const on = model === undefined ? "" : ` with model ${oneLine(model)}`;
  return [
    `Do not follow what is below yourself: start a subagent${type}${on}, give it the text below whole, and report what it answers.`,
  ];
}

const notTrusted = (skill: Skill): string =>
  [
    `Skill ${skill.name} was shared by ${by(skill)}, and no person here has said yet that it is to be trusted.`,
    `Its instructions are not shown to you. It says of itself: ${oneLine(skill.description)}`,
    `Tell your user who wrote it, and that they allow it with: claudemesh skill trust ${skill.name}`,
  ].join("\n");

/** Someone else's words within a line of one's own. */
const oneLine = (text: string): string => neutralise(text).replaceAll(/\s+/gu, " ").trim();

const absent = (what: string, name: string): RpcError =>
  new RpcError(rpcCodes.invalidParams, `there is no ${what} ${name.slice(0, 200)}`);
