import { MeshError } from "@claudemesh/protocol";

/** What a broker expects of a proof made for one connection. */
export interface Connection {
  /** the `host:port` names that this broker answers to, lower case */
  readonly hosts: readonly string[];
  /** the challenge that this connection was given */
  readonly challenge: string;
}

/** Throws `wrong_host` or `unauthorized` unless a proof names one of this broker's hosts and this connection's challenge. */
export function requireBoundTo(
  proof: { readonly host: string; readonly challenge: string },
  connection: Connection,
  what: string,
): void {
  if (!connection.hosts.includes(proof.host)) {
    throw new MeshError("wrong_host", `the ${what} is for another host than this broker`, {
      detail: { host: proof.host },
    });
  }
  if (proof.challenge !== connection.challenge) {
    throw new MeshError("unauthorized", `the ${what} answers another connection's challenge`);
  }
}
