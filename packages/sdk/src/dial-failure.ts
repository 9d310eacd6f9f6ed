const sentences: Record<string, string> = {
  EAI_AGAIN: "host not found",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the host",
  ENOTFOUND: "host not found",
  ETIMEDOUT: "the connection attempt timed out",
  UND_ERR_CONNECT_TIMEOUT: "the connection attempt timed out",
  UND_ERR_SOCKET: "the connection was reset",
};

const tlsCode = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/;

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

/** Why a connection could not be opened, read from whatever the platform gives with its error: a code on it, its causes or its parts. */
export function dialFailure(error: unknown): string | undefined {
  const found = codeOf(error, 4);
  if (found !== undefined) return found;
  const message = fieldOf(error, "message") ?? fieldOf(fieldOf(error, "error"), "message");
  return typeof message === "string" && message !== "" ? message.slice(0, 200) : undefined;
}

function codeOf(error: unknown, depth: number): string | undefined {
  if (depth === 0 || error === undefined) return undefined;
  const code = fieldOf(error, "code");
  if (typeof code === "string") {
    if (tlsCode.test(code)) return `TLS failed (${code})`;
    const sentence = sentences[code];
    if (sentence !== undefined) return sentence;
  }
  const parts = fieldOf(error, "errors");
  const inner = [fieldOf(error, "error"), fieldOf(error, "cause")].concat(
    Array.isArray(parts) ? parts.slice(0, 4) : [],
  );
  for (const one of inner) {
    const sentence = codeOf(one, depth - 1);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}

/**
 * Asks over HTTP why a WebSocket could not be opened. The platform's WebSocket hides the cause from its user, `fetch` does not.
 * Answers undefined when it learns nothing; never rejects.
 */
export async function askWhy(httpUrl: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await fetch(httpUrl, { redirect: "manual", signal });
    await answer.body?.cancel();
    return `the server answers HTTP ${answer.status} and opens no WebSocket`;
  } catch (error) {
    return codeOf(error, 4);
  }
}
