import type { AgentSessionRow } from "../store/agent-session-rows.ts";
import type { DevicePresence } from "../store/device-presence.ts";
import type { SessionChange, StartInfo } from "./agent-session.ts";
import { standingOf, statusColumns } from "./describe-session.ts";
import { report, type Standing, type StatusReport } from "./status-engine.ts";

/** Longest texts that a mesh is told of a session, in characters; what is longer is cut. */
const most = { agent: 64, cwd: 1_024, host: 255, model: 128, name: 64, tag: 64, tags: 32 } as const;

const cut = (text: string | undefined, length: number): string | null =>
  text === undefined || text === "" ? null : text.slice(0, length);

export interface StartGround {
  /** what the home remembers of it, running or ended */
  readonly known: AgentSessionRow | undefined;
  readonly pending: StatusReport | undefined;
  readonly device: DevicePresence;
  /** when its process began */
  readonly birth: string | undefined;
  readonly now: number;
}

/** The row of an agent session that starts, goes on, or returns: summary, visibility and counters are as it left them. */
export function startedRow(
  info: StartInfo,
  { known, pending, device, birth, now }: StartGround,
): AgentSessionRow {
  const isOn = known !== undefined && known.ended_at === null;
  const fresh: Standing = {
    status: device.status ?? "idle",
    source: device.status === null ? "jsonl" : "manual",
    since: now,
    heardAt: now,
  };
  const standing = isOn ? standingOf(known) : fresh;
  const after = pending === undefined ? standing : report(standing, pending, now);
  const tags = info.tags?.slice(0, most.tags).flatMap((tag) => cut(tag, most.tag) ?? []);
  return {
    agent_session: info.agentSession,
    agent: cut(info.agent, most.agent) ?? "agent",
    type: info.type ?? known?.type ?? "ai",
    pid: info.pid,
    pid_started_at: birth ?? null,
    cwd: cut(info.cwd, most.cwd) ?? "/",
    host: cut(info.host, most.host) ?? "localhost",
    model: cut(info.model, most.model) ?? known?.model ?? null,
    name: cut(info.name, most.name) ?? known?.name ?? null,
    tags: tags === undefined ? (known?.tags ?? "[]") : JSON.stringify(tags),
    meshes: info.meshes === undefined ? (known?.meshes ?? null) : JSON.stringify(info.meshes),
    ...statusColumns(after),
    summary: known === undefined ? device.summary : known.summary,
    visible: known === undefined ? (device.visible ?? 1) : known.visible,
    stats: known?.stats ?? null,
    started_at: isOn ? known.started_at : now,
    last_seen_at: now,
    ended_at: null,
  };
}

/** The row after a change. */
export function changedRow(
  row: AgentSessionRow,
  { status, source = "manual", ...change }: SessionChange,
  now: number,
): AgentSessionRow {
  const standing = standingOf(row);
  const after = status === undefined ? standing : report(standing, { status, source }, now);
  return {
    ...row,
    ...statusColumns(after),
    ...(change.summary === undefined ? {} : { summary: cut(change.summary, 500) }),
    ...(change.visible === undefined ? {} : { visible: change.visible ? 1 : 0 }),
    ...(change.model === undefined ? {} : { model: cut(change.model, most.model) }),
    ...(change.cwd === undefined ? {} : { cwd: cut(change.cwd, most.cwd) ?? row.cwd }),
    ...(change.stats === undefined ? {} : { stats: JSON.stringify(change.stats) }),
    last_seen_at: now,
  };
}
