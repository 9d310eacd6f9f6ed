import { z } from "zod";

/** What a new mesh may begin with. */
export const TemplateName = z.enum([
  "solo",
  "team",
  "dev-team",
  "research",
  "ops-incident",
  "simulation",
  "ci",
  "personal",
]);
export type TemplateName = z.infer<typeof TemplateName>;

/** Groups and role of its founder, topics besides `#general`, keys of shared state, and a hint for the prompt of agents that work there. */
export const Template = z.object({
  name: TemplateName,
  summary: z.string(),
  groups: z.array(z.string()),
  roleTag: z.string().optional(),
  topics: z.array(z.string()),
  stateKeys: z.array(z.string()),
  hint: z.string(),
});
export type Template = z.infer<typeof Template>;

const template = (
  name: TemplateName,
  summary: string,
  rest: Omit<Template, "name" | "summary">,
): Template => ({ name, summary, ...rest });

/** Every template, in the order in which they are listed. */
export const templates: readonly Template[] = [
  template("solo", "one person with several agents", {
    groups: ["agents"],
    topics: ["log"],
    stateKeys: ["focus"],
    hint: "The other sessions are your user's own; divide the work and say in #log what you take.",
  }),
  template("team", "people who work together", {
    groups: ["team"],
    roleTag: "lead",
    topics: ["decisions"],
    stateKeys: ["goal"],
    hint: "Ask the person who knows before you guess; write what was agreed to #decisions.",
  }),
  template("dev-team", "people and agents on one code base", {
    groups: ["dev", "dev/review"],
    roleTag: "maintainer",
    topics: ["builds", "decisions", "reviews"],
    stateKeys: ["branch", "release"],
    hint: "Say which files you touch before you touch them; ask for review in #reviews.",
  }),
  template("research", "questions, sources and findings", {
    groups: ["research"],
    roleTag: "lead",
    topics: ["findings", "questions", "sources"],
    stateKeys: ["question"],
    hint: "Write a finding to #findings with its source; keep apart what is known and what is guessed.",
  }),
  template("ops-incident", "an outage and those who mend it", {
    groups: ["responders"],
    roleTag: "commander",
    topics: ["actions", "timeline"],
    stateKeys: ["commander", "severity", "status"],
    hint: "Write every change to #actions before you make it and to #timeline when it is made; the commander decides.",
  }),
  template("simulation", "agents that play roles in turns", {
    groups: ["players"],
    roleTag: "referee",
    topics: ["observations", "turns"],
    stateKeys: ["scenario", "turn"],
    hint: "Act only in your turn; what you see stands in #observations.",
  }),
  template("ci", "builds, tests and deployments that report", {
    groups: ["ci"],
    roleTag: "operator",
    topics: ["builds", "deploys"],
    stateKeys: ["build", "deploy"],
    hint: "Report a failure once, with the shortest way to see it again.",
  }),
  template("personal", "your own machines and notes", {
    groups: [],
    topics: ["notes"],
    stateKeys: [],
    hint: "Only your user reads here.",
  }),
];
