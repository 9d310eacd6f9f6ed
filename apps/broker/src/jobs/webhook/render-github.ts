import { z } from "zod";

const Text = z.string().catch("");
const Named = z.object({ name: Text.optional(), login: Text.optional() }).partial().catch({});
const Repository = z.object({ full_name: Text }).catch({ full_name: "a repository" });
const base = { repository: Repository, sender: Named };

const Push = z.object({
  ...base,
  ref: Text,
  compare: Text,
  deleted: z.boolean().catch(false),
  pusher: Named,
  commits: z.array(z.object({ id: Text, message: Text })).catch([]),
});
const Titled = z.object({ number: z.number().catch(0), title: Text, html_url: Text });
const PullRequest = z.object({
  ...base,
  action: Text,
  pull_request: Titled.extend({ merged: z.boolean().catch(false) }),
});
const Issues = z.object({ ...base, action: Text, issue: Titled });
const WorkflowRun = z.object({
  ...base,
  action: Text,
  workflow_run: z.object({
    name: Text,
    head_branch: Text,
    conclusion: Text,
    status: Text,
    html_url: Text,
  }),
});
const Ping = z.object({ ...base, zen: Text });

/** commits of a push that are named */
const mostCommits = 5;

const writers: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  issues: said(Issues, ({ action, issue, repository, sender }) =>
    lines(
      `${repository.full_name}: ${who(sender)} ${action} issue ${titled(issue)}`,
      issue.html_url,
    ),
  ),
  ping: said(Ping, ({ repository }) => `${repository.full_name}: GitHub's webhook is connected`),
  pull_request: said(PullRequest, ({ action, pull_request: pull, repository, sender }) => {
    const did = action === "closed" && pull.merged ? "merged" : action;
    return lines(
      `${repository.full_name}: ${who(sender)} ${did} pull request ${titled(pull)}`,
      pull.html_url,
    );
  }),
  push: said(Push, ({ commits, compare, deleted, pusher, ref, repository, sender }) => {
    const branch = ref.replace(/^refs\/(heads|tags)\//, "");
    const by = pusher.name ?? who(sender);
    if (deleted) return `${repository.full_name}: ${by} deleted ${branch}`;
    const many = `${commits.length} ${commits.length === 1 ? "commit" : "commits"}`;
    const named = commits
      .slice(0, mostCommits)
      .map(({ id, message }) => `${id.slice(0, 7)} ${firstLine(message)}`);
    const more = commits.length > mostCommits ? [`… ${commits.length - mostCommits} more`] : [];
    return lines(
      `${repository.full_name}: ${by} pushed ${many} to ${branch}`,
      ...named,
      ...more,
      compare,
    );
  }),
  workflow_run: said(WorkflowRun, ({ action, repository, workflow_run: run }) =>
    lines(
      `${repository.full_name}: workflow ${run.name} on ${run.head_branch}: ${run.conclusion || run.status || action}`,
      run.html_url,
    ),
  ),
};

/** What a GitHub event says, in a sentence and a link; undefined for an event that is not known here or has another form. */
export const githubText = (event: string, value: unknown): string | undefined =>
  Object.hasOwn(writers, event) ? writers[event]?.(value) : undefined;

function said<S extends z.ZodType>(schema: S, write: (value: z.output<S>) => string) {
  return (value: unknown): string | undefined => {
    const read = schema.safeParse(value);
    return read.success ? write(read.data) : undefined;
  };
}

const who = ({ login, name }: z.output<typeof Named>): string => login || name || "someone";
const firstLine = (text: string): string => (text.split("\n")[0] ?? "").slice(0, 120);
const titled = ({ number, title }: z.output<typeof Titled>): string =>
  `#${number} ${firstLine(title)}`;
const lines = (...parts: string[]): string => parts.filter((part) => part !== "").join("\n");
