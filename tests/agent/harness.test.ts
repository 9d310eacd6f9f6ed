// The fake is worth what it shares with the real one: each scenario runs on both.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import {
  Agent,
  type AgentKind,
  bash,
  holdOpen,
  newIn,
  runScenario,
  say,
  use,
  withoutClaude,
  withoutTerminal,
} from "@claudemesh/testkit/agent";
import { pluginFolder, TinyControl, userLine } from "./tiny-control.ts";

const ping = "mcp__plugin_tiny_srv__ping";
const context = (event: string, text: string) => ({
  stdout: JSON.stringify({ hookSpecificOutput: { hookEventName: event, additionalContext: text } }),
});
const plugins = [pluginFolder];
const timeout = 120_000;

/** One test per kind; the real one is skipped where its binary is not. */
function onBoth(name: string, run: (kind: AgentKind) => Promise<void>): void {
  test(`fake: ${name}`, { timeout }, () => run("fake"));
  test(`real: ${name}`, { skip: withoutClaude(), timeout }, () => run("real"));
}

/** Has a process that is no child of the session write to its inbox. */
const postAsStranger = (path: string, line: object): Promise<void> =>
  new Promise((resolve, reject) => {
    connect(path)
      .on("error", reject)
      .end(`${JSON.stringify(line)}\n`, () => resolve());
  });

onBoth("a post in the middle of a turn stands beside the tool's result", async (kind) => {
  await using control = new TinyControl();
  const env = control.env();
  const turns = [holdOpen("tool"), use(ping), say("done")];
  const result = await runScenario(kind, { prompt: "go", turns, plugins, env }, async (agent) => {
    await agent.stage.windows.opened("tool");
    await control.post([userLine("one"), userLine("two")]);
    agent.stage.windows.close("tool");
  });
  const [tool, beside] = newIn(result.requests[1] ?? assert.fail());
  assert.deepEqual(tool, { role: "user", text: "tool" });
  assert.equal(beside?.role, "system");
  assert.match(
    beside.text,
    /^Another Claude session sent a message while you were working:\none\n\nThis came from another Claude session[\s\S]*\n\nAnother Claude session sent a message while you were working:\ntwo\n\nThis came/,
  );
  assert.deepEqual(newIn(result.requests[2] ?? assert.fail()), [{ role: "user", text: "pong" }]);
  assert.deepEqual(
    result.hooks.filter((hook) => "prompt" in hook).map((hook) => hook.prompt),
    ["go", "one", "two"],
  );
  assert.deepEqual(result.exit, { code: 0, signal: null });
  assert.ok(result.hooks.every((hook) => hook.transcript_path === result.transcriptPath));
  assert.ok(result.requests.every((request) => request.session === result.session));
});

onBoth("posts wake an idle session, those of one moment together", async (kind) => {
  await using control = new TinyControl();
  const turns = [say("hello"), say("woken", "asked")];
  const scenario = { prompt: "go", turns, plugins, env: control.env() };
  const result = await runScenario(kind, scenario, async (agent) => {
    await agent.hook("Stop");
    await control.post([userLine("one")]);
    await agent.model.requests.count(2);
    // What arrives while the model answers without tools waits for the next turn.
    await control.post([userLine("two"), userLine("three")]);
    agent.model.extend(say("again"));
    agent.model.gates.open("asked");
  });
  const [one] = newIn(result.requests[1] ?? assert.fail());
  assert.match(one?.text ?? "", /^Another Claude session sent a message:\none\n\nThis came from/);
  const [more] = newIn(result.requests[2] ?? assert.fail());
  assert.match(
    more?.text ?? "",
    /^Another Claude session sent a message:\ntwo\nthree\n\nThis came/,
  );
});

onBoth("hooks speak to the model at every boundary", async (kind) => {
  await using control = new TinyControl();
  const env = control.env({
    SessionStart: { stdout: "at the start" },
    UserPromptSubmit: context("UserPromptSubmit", "at the prompt"),
    PreToolUse: context("PreToolUse", "before the tool"),
    PostToolUse: { stderr: "not like that", exit: 2 },
    PostToolBatch: context("PostToolBatch", "after the batch"),
    Stop: context("Stop", "before the end"),
  });
  const turns = [bash("echo hi"), say("done"), say("really done")];
  const { requests, hooks } = await runScenario(kind, { prompt: "go", turns, plugins, env });
  const opening = newIn(requests[0] ?? assert.fail()).at(-1)?.text ?? "";
  assert.match(opening, /^SessionStart:startup hook success: at the start\n\n/);
  assert.match(opening, /\n\nUserPromptSubmit hook additional context: at the prompt(\n|$)/);
  assert.match(opening, new RegExp(`\\n${ping}\\n`));
  assert.match(opening, /## plugin:tiny:srv\ntiny instructions/);
  const command = `node ${join(pluginFolder, "hook-process.ts")}`;
  assert.deepEqual(newIn(requests[1] ?? assert.fail()), [
    { role: "user", text: "hi" },
    {
      role: "system",
      text: [
        "PreToolUse:Bash hook additional context: before the tool",
        `PostToolUse:Bash hook blocking error from command: "${command}": [${command}]: not like that\nThis hook comes from the tiny@inline plugin.`,
        "PostToolBatch hook additional context: after the batch",
      ].join("\n\n"),
    },
  ]);
  assert.deepEqual(newIn(requests[2] ?? assert.fail()), [
    {
      role: "user",
      text: "<system-reminder>\nStop hook additional context: before the end\n</system-reminder>",
    },
  ]);
  assert.deepEqual(
    hooks.filter((hook) => hook.hook_event_name === "Stop").map((hook) => hook.stop_hook_active),
    [false, true],
  );
  const batch = hooks.find((hook) => hook.hook_event_name === "PostToolBatch");
  assert.deepEqual(batch?.tool_calls, [
    {
      tool_name: "Bash",
      tool_input: { command: "echo hi", description: "a step of the scenario" },
      tool_use_id: "toolu_0_0",
      tool_response: "hi",
    },
  ]);
});

onBoth("a Stop hook is overridden after eight rounds", async (kind) => {
  await using control = new TinyControl();
  const env = control.env({ Stop: { ...context("Stop", "go on"), always: true } });
  const turns = Array.from({ length: 9 }, (_, index) => say(`round ${index}`));
  const { hooks } = await runScenario(kind, { prompt: "go", turns, plugins, env });
  assert.equal(hooks.filter((hook) => hook.hook_event_name === "Stop").length, 9);
});

onBoth("over 10,000 characters of context go to a file", async (kind) => {
  await using control = new TinyControl();
  const long = "0123456789".repeat(1001);
  const env = control.env({ PostToolBatch: context("PostToolBatch", long) });
  const turns = [bash("echo hi"), say("done")];
  await using agent = await Agent.start(kind, { prompt: "go", turns, plugins, env });
  await agent.finished();
  const text = newIn(agent.model.requests.items[1] ?? assert.fail()).at(-1)?.text ?? "";
  const saved = /Full output saved to: (.*)\n\nPreview \(first 2KB\):\n(\d+)\n\.\.\.\n/.exec(text);
  assert.equal(saved?.[2], long.slice(0, 2000));
  assert.equal(readFileSync(saved?.[1] ?? "", "utf8"), long);
});

onBoth("the inbox takes what its rules admit, in their order", async (kind) => {
  await using control = new TinyControl();
  const turns = [holdOpen("tool"), say("done"), say("late")];
  const scenario = { prompt: "go", turns, plugins, env: control.env() };
  const { requests } = await runScenario(kind, scenario, async (agent) => {
    await agent.stage.windows.opened("tool");
    await control.post([
      userLine("first"),
      userLine("first"),
      userLine("another session's", { session_id: "another" }),
      userLine("this session's", { session_id: agent.session }),
      userLine("can wait", { priority: "later" }),
      { type: "user", message: { role: "user", content: [{ type: "text", text: "blocks" }] } },
    ]);
    await control.post([userLine("with a wrong token")], { token: "wrong" });
    await control.post([userLine("without a token")], { token: false });
    agent.stage.windows.close("tool");
  });
  const beside = newIn(requests[1] ?? assert.fail()).at(-1)?.text ?? "";
  assert.deepEqual(
    [...beside.matchAll(/while you were working:\n(.*)\n/g)].map((match) => match[1]),
    ["first", "this session's", "with a wrong token", "without a token"],
  );
  const [late] = newIn(requests[2] ?? assert.fail());
  assert.match(late?.text ?? "", /^Another Claude session sent a message:\ncan wait\n/);
});

onBoth("who bypasses permissions hears its own child and no stranger", async (kind) => {
  await using control = new TinyControl();
  const turns = [holdOpen("tool"), say("done")];
  const permissionMode = "bypassPermissions" as const;
  const scenario = { prompt: "go", turns, plugins, permissionMode, env: control.env() };
  const { requests, hooks } = await runScenario(kind, scenario, async (agent) => {
    await agent.stage.windows.opened("tool");
    const { env } = await control.started();
    await postAsStranger(env.CLAUDE_CODE_MESSAGING_SOCKET ?? "", userLine("a stranger"));
    await control.post([userLine("a child")]);
    agent.stage.windows.close("tool");
  });
  const seen = JSON.stringify(requests.map((request) => newIn(request)));
  assert.match(seen, /working:\\na child/);
  assert.doesNotMatch(seen, /a stranger/);
  assert.ok(!hooks.some((hook) => hook.prompt === "a stranger"));
});

onBoth("a hook can ask a tool of the plugin's own server", async (kind) => {
  await using control = new TinyControl();
  const { stdout } = context("PostToolBatch", `from \${session_id}`);
  const hook = { type: "mcp_tool", server: "plugin:tiny:srv", tool: "echo" };
  const settings = {
    hooks: { PostToolBatch: [{ hooks: [{ ...hook, input: { text: stdout } }] }] },
  };
  const turns = [use(ping), say("done")];
  const scenario = { prompt: "go", turns, plugins, settings, env: control.env() };
  const { requests, session } = await runScenario(kind, scenario);
  const [, beside] = newIn(requests[1] ?? assert.fail());
  assert.equal(beside?.text, `PostToolBatch hook additional context: from ${session}`);
  const calls = control.reports.items.filter((item) => item.received?.method === "tools/call");
  const [byModel, byHook] = calls.map((item) => item.received?.params?._meta);
  assert.equal((byModel as Record<string, unknown>)["claudecode/toolUseId"], "toolu_0_0");
  assert.equal(byHook, undefined);
});

onBoth("a server is greeted, given its environment, and interrupted at the end", async (kind) => {
  await using control = new TinyControl();
  const scenario = { prompt: "go", turns: [say("done")], plugins, env: control.env() };
  await using agent = await Agent.start(kind, scenario);
  await agent.finished();
  const { env } = await control.started();
  const sessions = join(agent.home.config, "sessions", `${agent.pid}.json`);
  const registered = JSON.parse(readFileSync(sessions, "utf8"));
  assert.equal(registered.sessionId, agent.session);
  assert.equal(registered.messagingSocketPath, env.CLAUDE_CODE_MESSAGING_SOCKET);
  const own = Object.keys(env).filter((name) => /^(?:CLAUDE|AI_AGENT)/.test(name));
  const given = ["CLAUDE_CONFIG_DIR", "CLAUDEMESH_STAGE"];
  const silencing = /^CLAUDE_CODE_DISABLE/;
  assert.deepEqual(own.filter((name) => !given.includes(name) && !silencing.test(name)).sort(), [
    "AI_AGENT",
    "CLAUDECODE",
    "CLAUDE_CODE_CHILD_NOTES_DIR",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS",
    "CLAUDE_CODE_MESSAGING_SOCKET",
    "CLAUDE_CODE_MESSAGING_TOKEN",
    "CLAUDE_CODE_SESSION_ID",
    "CLAUDE_PLUGIN_DATA",
    "CLAUDE_PLUGIN_ROOT",
    "CLAUDE_PROJECT_DIR",
  ]);
  assert.equal(env.CLAUDE_CODE_SESSION_ID, agent.session);
  assert.equal(env.CLAUDE_PLUGIN_ROOT, pluginFolder);
  assert.deepEqual(
    control.reports.items.flatMap(({ received }) => received?.method ?? []),
    ["server/discover", "initialize", "notifications/initialized", "tools/list"],
  );
  assert.equal((await agent.kill("SIGTERM")).code, 143);
  const { ended } = await control.reports.find((item) => item.ended !== undefined);
  assert.equal(ended, "SIGINT");
  const last = await agent.stage.hooks.find((hook) => hook.hook_event_name === "SessionEnd");
  assert.equal(last.reason, "other");
});

onBoth("a killed agent leaves its server with a closed stdin", async (kind) => {
  await using control = new TinyControl();
  const scenario = { prompt: "go", turns: [say("done")], plugins, env: control.env() };
  await using agent = await Agent.start(kind, scenario);
  await agent.finished();
  assert.deepEqual(await agent.kill("SIGKILL"), { code: null, signal: "SIGKILL" });
  const { ended } = await control.reports.find((item) => item.ended !== undefined);
  assert.equal(ended, "stdin");
});

onBoth("the transcript says what the model was shown, and when", async (kind) => {
  await using control = new TinyControl();
  const blocked = { exit: 2, stderr: "not this", when: "unwanted" };
  const env = control.env({ UserPromptSubmit: blocked });
  const turns = [holdOpen("tool"), say("done"), say("woken")];
  const scenario = { prompt: "go", turns, plugins, env };
  const { transcript, requests } = await runScenario(kind, scenario, async (agent) => {
    await agent.stage.windows.opened("tool");
    await control.post([userLine("unwanted"), userLine("wanted")]);
    agent.stage.windows.close("tool");
    await agent.hook("Stop");
    await control.post([userLine("idle")]);
  });
  const shown = transcript.filter((line) => line.type === "user" || "rendered" in line);
  const texts = shown.map((line) => JSON.stringify(line.rendered ?? line.message));
  assert.equal(texts.filter((text) => text.includes("working:\\nwanted\\n")).length, 1);
  assert.equal(texts.filter((text) => text.includes("message:\\nidle\\n")).length, 1);
  assert.ok(!texts.some((text) => text.includes("unwanted")));
  assert.doesNotMatch(JSON.stringify(requests.map((request) => request.body)), /unwanted/);
  // What only waited is in the transcript too, so finding a text there proves nothing by itself.
  const queued = transcript.filter((line) => line.operation === "enqueue");
  assert.ok(queued.some((line) => line.content === "unwanted"));
});

const terminal = withoutTerminal();
for (const kind of ["fake", "real"] as const) {
  const skip = terminal || (kind === "real" && withoutClaude());
  test(`${kind}: in a terminal, mid-turn and idle`, { skip, timeout }, async () => {
    await using control = new TinyControl();
    const turns = [holdOpen("tool"), say("done"), say("woken")];
    const mode = "terminal" as const;
    const scenario = { mode, prompt: "go", turns, plugins, env: control.env() };
    const result = await runScenario(kind, scenario, async (agent) => {
      await agent.stage.windows.opened("tool");
      await control.post([userLine("one")]);
      agent.stage.windows.close("tool");
      await agent.hook("Stop");
      await control.post([userLine("two")]);
    });
    const beside = newIn(result.requests[1] ?? assert.fail()).at(-1)?.text ?? "";
    assert.match(beside, /^Another Claude session sent a message while you were working:\none\n/);
    const [idle] = newIn(result.requests[2] ?? assert.fail());
    assert.match(idle?.text ?? "", /^Another Claude session sent a message:\ntwo\n/);
    assert.deepEqual(result.exit, { code: 0, signal: null });
    const last = result.hooks.find((hook) => hook.hook_event_name === "SessionEnd");
    assert.equal(last?.reason, "prompt_input_exit");
  });
}
