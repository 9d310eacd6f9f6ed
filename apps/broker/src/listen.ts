import { MeshError } from "@claudemesh/protocol";
import type { WebServer } from "./web-server.ts";

/** Listens, and answers the port. Throws `address_in_use` with the next command to try, `forbidden` or `malformed`. */
export async function listen(server: WebServer, host: string, port: number): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(port, host, listening.resolve);
  try {
    await listening.promise;
  } catch (cause) {
    throw listenError(cause, host, port);
  } finally {
    server.off("error", listening.reject);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function listenError(cause: unknown, host: string, port: number): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") {
    return new MeshError("address_in_use", `another program listens on port ${port} of ${host}`, {
      hint: `take another port: claudemesh broker start --port ${port === 65_535 ? 7900 : port + 1}`,
      detail: { host, port },
      cause,
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new MeshError("forbidden", `this user may not listen on port ${port}`, {
      hint: "take a port above 1023: claudemesh broker start --port 7900",
      cause,
    });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new MeshError("malformed", `host: this machine has no address ${host}`, { cause });
  }
  return cause;
}
