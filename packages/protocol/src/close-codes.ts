/** Whether a client comes back by itself after a close. */
export type AfterClose = "reconnect" | "stop";

interface CloseRow {
  readonly after: AfterClose;
  readonly sentence: string;
}

const row = (after: AfterClose, sentence: string): CloseRow => ({ after, sentence });

/**
 * Why a broker ends a connection (RFC 6455, section 7.4). 1000 to 1015 are the standard's; 4000 to 4009 and 4020 to 4029 as listed here.
 * A code that is not listed means "reconnect": losing a connection for an unknown reason must not silence a device.
 */
export const closeCodes = {
  1000: row("reconnect", "the broker closed the connection"),
  1001: row("reconnect", "the broker is going away"),
  1006: row("reconnect", "the connection was lost"),
  1008: row("stop", "the broker refuses this client"),
  1009: row("stop", "a frame was too large for the broker"),
  1011: row("reconnect", "the broker met an unexpected error"),
  1012: row("reconnect", "the broker restarts"),
  1013: row("reconnect", "the broker is too busy; try again later"),
  4001: row("stop", "an admin disconnected you; run the command again to return"),
  4002: row(
    "stop",
    "your membership was revoked; an owner can let you back with `claudemesh unban`",
  ),
  4003: row("stop", "another process of this device took over the connection"),
  4004: row("stop", "the broker refused the hello"),
  4005: row("stop", "the broker could not understand this client"),
  4006: row("stop", "the API key was revoked or has expired"),
  4008: row("reconnect", "the connection was too slow to keep up"),
  4009: row("reconnect", "the hello did not come in time"),
  4010: row("stop", "the broker speaks another protocol version"),
  4011: row("stop", "the mesh is closed until the broker's operator has restored its log"),
} as const satisfies Record<number, CloseRow>;

export type CloseCode = keyof typeof closeCodes;

/** What to do after a close with `code`, and the sentence that says why. */
export function afterClose(code: number): CloseRow {
  return (closeCodes as Record<number, CloseRow>)[code] ?? closeCodes[1006];
}
