import type { HomeStore } from "./home-store.ts";

/** How long the place of a transcript is kept after it was last told: longer than agents keep the files. */
const keptMs = 60 * 24 * 3_600_000;

/** Where an agent session writes its transcript, as it was last told. */
export const transcriptOf = (store: HomeStore, agentSession: string): string | undefined =>
  store.get<{ path: string }>("SELECT path FROM transcript WHERE agent_session = ?", agentSession)
    ?.path;

/** Keeps where a transcript lies, and forgets those of long ago; part of the caller's transaction. */
export function putTranscript(
  store: HomeStore,
  { agentSession, path, at }: { agentSession: string; path: string; at: number },
): void {
  store.run("DELETE FROM transcript WHERE at < ?", at - keptMs);
  store.run(
    `INSERT INTO transcript (agent_session, path, at) VALUES (?, ?, ?)
     ON CONFLICT (agent_session) DO UPDATE SET path = excluded.path, at = excluded.at`,
    agentSession,
    path,
    at,
  );
}
