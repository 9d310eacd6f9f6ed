import type { MeshId, SessionId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { birthOf, isClaimLive } from "../home/process-liveness.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import {
  type AgentSessionRow,
  forgetAgentSessions,
  getAgentSession,
  liveAgentSessions,
  putAgentSession,
} from "../store/agent-session-rows.ts";
import { getDevicePresence } from "../store/device-presence.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { forgetSessions, getSession } from "../store/session-rows.ts";
import type {
  AgentSession,
  AgentSessions,
  Claim,
  Lease,
  SessionChange,
  StartInfo,
} from "./agent-session.ts";
import { changedRow, startedRow } from "./change-session.ts";
import { describeSession, standingOf, statusColumns } from "./describe-session.ts";
import { endSession } from "./end-session.ts";
import { ensureSessions } from "./ensure-sessions.ts";
import { SessionLink } from "./session-link.ts";
import { PendingStatuses, statusTimes, sweep } from "./status-engine.ts";

/** How often processes are looked at. */
const lookMs = 2_000;
/** How long what has ended is remembered, for when it returns. */
const rememberedMs = 30 * 24 * 3_600_000;

/** The agent sessions in a home's database, and their attachment to the links of this process. */
export class HomeSessions implements AgentSessions {
  readonly #ctx: () => DeviceContext;
  readonly #links = new Map<MeshId, SessionLink>();
  readonly #pending = new PendingStatuses();
  #keepers = 0;
  #cancelLook: (() => void) | undefined;
  #sweptAt = 0;
  #version = -1;

  constructor(ctx: () => DeviceContext) {
    this.#ctx = ctx;
  }

  start(info: StartInfo): AgentSession {
    const ctx = this.#ctx();
    const { store } = ctx;
    const now = ctx.now();
    const row = store.write(() => {
      const known = getAgentSession(store, info.agentSession);
      const pending = this.#pending.take(info.agentSession, now);
      const { pid, birth } = processOf(info, known);
      const started = startedRow(
        { ...info, pid },
        { known, pending, device: getDevicePresence(store), birth, now },
      );
      putAgentSession(store, started);
      ensureSessions(ctx, started);
      return started;
    });
    if (this.#keepers === 0) this.keep();
    this.#touch();
    return describeSession(store, row);
  }

  update(agentSession: string, change: SessionChange): AgentSession | undefined {
    const { store, now } = this.#ctx();
    const row = store.write(() => {
      const known = getAgentSession(store, agentSession);
      if (known === undefined || known.ended_at !== null) return undefined;
      const changed = changedRow(known, change, now());
      putAgentSession(store, changed);
      return changed;
    });
    if (row === undefined) {
      const { status, source = "manual" } = change;
      if (status !== undefined) this.#pending.put(agentSession, { status, source }, now());
      return undefined;
    }
    this.#touch();
    return describeSession(store, row);
  }

  end(agentSession: string, reason: string): void {
    const ctx = this.#ctx();
    const known = this.get(agentSession);
    if (known === undefined) return;
    endSession(ctx, agentSession);
    ctx.listening.forget(agentSession);
    ctx.events.tell({ type: "session_ended", agentSession, reason });
    ctx.wake.now();
    this.#touch();
  }

  list(): AgentSession[] {
    const { store } = this.#ctx();
    return liveAgentSessions(store)
      .filter(isRunning)
      .map((row) => describeSession(store, row));
  }

  get(agentSession: string): AgentSession | undefined {
    const { store } = this.#ctx();
    const row = getAgentSession(store, agentSession);
    return row === undefined || row.ended_at !== null ? undefined : describeSession(store, row);
  }

  owning(mesh: MeshId, session: SessionId): AgentSession | undefined {
    const row = getSession(this.#ctx().store, mesh, session);
    return row === undefined || row.ended_at !== null ? undefined : this.get(row.agent_session);
  }

  keep(): { stop(): void } {
    this.#keepers += 1;
    if (this.#keepers === 1) {
      const { store, now } = this.#ctx();
      const before = now() - rememberedMs;
      store.write(() => {
        forgetAgentSessions(store, before);
        forgetSessions(store, before);
      });
      this.#look();
    }
    let stopped = false;
    return {
      stop: () => {
        if (stopped) return;
        stopped = true;
        this.#keepers -= 1;
        if (this.#keepers === 0) this.stop();
      },
    };
  }

  /** Ends the watching; the sessions stay in the database, for the process that comes next. */
  stop(): void {
    this.#keepers = 0;
    this.#cancelLook?.();
    this.#cancelLook = undefined;
  }

  /** Something may have changed of which the brokers are to be told. */
  changed(): void {
    this.#touch();
  }

  async claim(mesh: MeshId, input: Claim): Promise<Lease> {
    const { links, store } = this.#ctx();
    const row = getMembership(store, mesh);
    if (row === undefined) throw new Error(`this home is not in ${mesh}`);
    return links.using(row, ({ client }) => client.delivery.claim(input));
  }

  /** A mesh's feed is open: sessions are attached to its connection until the answered function is called. */
  linkOpened({ mesh }: MembershipRow, link: MeshLink): () => void {
    const attached = new SessionLink(this.#ctx(), mesh, link);
    this.#links.set(mesh, attached);
    if (this.#keepers > 0) attached.touch();
    return () => {
      attached.stop();
      if (this.#links.get(mesh) === attached) this.#links.delete(mesh);
    };
  }

  #touch(): void {
    if (this.#keepers === 0) return;
    for (const link of this.#links.values()) link.touch();
  }

  #look(): void {
    const ctx = this.#ctx();
    const { store, timer } = ctx;
    const now = ctx.now();
    for (const row of liveAgentSessions(store)) {
      if (!isRunning(row)) this.end(row.agent_session, "its process is gone");
    }
    if (now - this.#sweptAt >= statusTimes.sweepMs) {
      this.#sweptAt = now;
      this.#sweep(now);
    }
    const version = store.version();
    if (version !== this.#version) {
      this.#version = version;
      this.#touch();
    }
    this.#cancelLook = timer(lookMs, () => this.#look());
  }

  #sweep(now: number): void {
    const { store } = this.#ctx();
    this.#pending.sweep(now);
    for (const row of liveAgentSessions(store)) {
      const standing = standingOf(row);
      const swept = sweep(standing, now);
      if (swept === standing) continue;
      store.write(() => putAgentSession(store, { ...row, ...statusColumns(swept) }));
    }
    this.#touch();
  }
}

/** What an orphan sees as its parent: the first process of the machine, which never ends. */
const orphansParent = 1;

/** The process that runs a session. One that was known to run in another stays with that when an orphan speaks for it, and ends with it. */
function processOf({ pid }: StartInfo, known: AgentSessionRow | undefined) {
  return pid === orphansParent && known !== undefined && known.pid !== orphansParent
    ? { pid: known.pid, birth: known.pid_started_at ?? undefined }
    : { pid, birth: birthOf(pid) };
}

/** Whether the process of an agent session runs, and is still the same. */
function isRunning({ pid, pid_started_at: birth }: AgentSessionRow): boolean {
  return birth === null ? isClaimLive(`${pid}:`) : birthOf(pid) === birth;
}
