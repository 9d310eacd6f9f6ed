import { signAttachProof } from "@claudemesh/crypto";
import {
  type Attestation,
  MeshError,
  type MeshId,
  type SessionId,
  type SessionInfo,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { type AgentSessionRow, liveAgentSessions } from "../store/agent-session-rows.ts";
import type { DevicePresence } from "../store/device-presence.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { devicePresenceIn, presenceIn } from "../store/presence-in-mesh.ts";
import { lastSessionIn, markTold, type SessionRow, untoldEnds } from "../store/session-rows.ts";
import { presenceOf } from "./describe-session.ts";
import { ensureSessions } from "./ensure-sessions.ts";
import { attested, keysOf } from "./session-keys.ts";

/** How long what the broker refused for good waits, and what may pass by itself: where the connection is lost, the next one begins anew anyway. */
const retryMs = { refused: 30_000, passing: 1_000 } as const;

interface Told {
  readonly attestation: Attestation;
  readonly info: SessionInfo;
}

/** Brings what one mesh's broker knows of this home's sessions up to date, over one connection. */
export class SessionLink {
  readonly #ctx: DeviceContext;
  readonly #mesh: MeshId;
  readonly #link: MeshLink;
  readonly #told = new Map<SessionId, Told>();
  #device: DevicePresence | undefined;
  #running = false;
  #again = false;
  #isStopped = false;
  #cancelRetry: () => void = () => {};

  constructor(ctx: DeviceContext, mesh: MeshId, link: MeshLink) {
    this.#ctx = ctx;
    this.#mesh = mesh;
    this.#link = link;
  }

  /** Something may be new; it is told soon. */
  touch(): void {
    if (this.#isStopped) return;
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry();
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#cancelRetry();
    try {
      while (this.#again && !this.#isStopped) {
        this.#again = false;
        await this.#round();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#running = false;
    }
  }

  #failed(error: unknown): void {
    if (this.#isStopped) return;
    const { log, timer } = this.#ctx;
    const isLost = isUnreachable(error);
    const isPassing = isLost || (error instanceof MeshError && error.row.retry === "later");
    if (!isLost) {
      log("warn", `sessions are not attached: ${error instanceof Error ? error.message : error}`);
    }
    const usual = isPassing ? retryMs.passing : retryMs.refused;
    const ms = (error instanceof MeshError ? error.retryAfterMs : undefined) ?? usual;
    this.#cancelRetry = timer(ms, () => this.touch());
  }

  async #round(): Promise<void> {
    const { store } = this.#ctx;
    const row = getMembership(store, this.#mesh);
    if (row === undefined) return;
    for (const { session } of untoldEnds(store, this.#mesh)) {
      await this.#link.client.session.detach({ session });
      this.#told.delete(session);
      store.write(() => markTold(store, this.#mesh, session));
    }
    await this.#tellDevice();
    for (const agent of liveAgentSessions(store)) {
      if (this.#isStopped) return;
      store.write(() => ensureSessions(this.#ctx, agent));
      const session = lastSessionIn(store, this.#mesh, agent.agent_session);
      if (session !== undefined && session.ended_at === null)
        await this.#bringUnlessRevoked(row, agent, session);
    }
  }

  /** What its member has ended by the roster is over for good, and must not keep the news of the other sessions back. */
  async #bringUnlessRevoked(
    row: MembershipRow,
    agent: AgentSessionRow,
    own: SessionRow,
  ): Promise<void> {
    if (this.#ctx.rosters.of(this.#mesh).isSessionRevoked(row.member, own.session)) return;
    try {
      await this.#bring(row, agent, own);
    } catch (error) {
      if (!(error instanceof MeshError && error.code === "revoked")) throw error;
    }
  }

  async #bring(row: MembershipRow, agent: AgentSessionRow, own: SessionRow): Promise<void> {
    const { clockAheadMs, client } = this.#link;
    const at = Math.max(0, Math.round(this.#ctx.now() + clockAheadMs));
    const attestation = attested(this.#ctx, row, own, at);
    if (attestation === undefined) return;
    const { session } = own;
    const said = presenceIn(this.#ctx.store, this.#mesh, agent.agent_session);
    const info = presenceOf(agent, own, clockAheadMs, said);
    const told = this.#told.get(session);
    if (
      told === undefined ||
      told.attestation.sig !== attestation.sig ||
      isOther(told.info, info)
    ) {
      await this.#attach(own, attestation, info);
    } else {
      const was = told.info;
      const { status, summary = "", visible, stats } = info;
      if (!isSame(was.status, status)) await client.status.set({ session, status });
      if ((was.summary ?? "") !== summary) await client.summary.set({ session, text: summary });
      if (was.visible !== visible) await client.visible.set({ session, visible });
      if (stats !== undefined && !isSame(was.stats, stats)) {
        await client.stats.report({ session, stats });
      }
    }
    this.#told.set(session, { attestation, info });
  }

  async #attach(own: SessionRow, attestation: Attestation, info: SessionInfo): Promise<void> {
    const { client } = this.#link;
    const { session } = own;
    const challenge = await client.challenge();
    const signer = keysOf(own)?.signer;
    if (signer === undefined) return;
    const fields = { mesh: this.#mesh, session, host: client.host, challenge };
    await client.session.attach({ attestation, info, proof: signAttachProof(fields, signer) });
  }

  async #tellDevice(): Promise<void> {
    const { client, clockAheadMs } = this.#link;
    const said = devicePresenceIn(this.#ctx.store, this.#mesh);
    const was = this.#device;
    const { status, summary, visible } = said;
    if (status !== null && said.status_at !== was?.status_at) {
      const at = Math.max(0, Math.round((said.status_at ?? 0) + clockAheadMs));
      await client.status.set({ status: { status, source: "manual", at } });
    }
    if (summary !== null && summary !== was?.summary) await client.summary.set({ text: summary });
    if (visible !== null && visible !== was?.visible) {
      await client.visible.set({ visible: visible === 1 });
    }
    this.#device = said;
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether something differs that only attaching tells. */
function isOther(was: SessionInfo, info: SessionInfo): boolean {
  const rest = ({ status: _1, summary: _2, visible: _3, stats: _4, ...fixed }: SessionInfo) =>
    fixed;
  return !isSame(rest(was), rest(info));
}
