import { MeshError } from "@claudemesh/protocol";

/** Misdirected Request (RFC 9110 section 15.5.20): what a broker answers to a name that is none of its own. */
const misdirected = /^the server answers HTTP 421\b/;

/** Makes `wrong_host` of a dial that the broker refused because of the name that was dialled; any other error comes back as it is. */
export function explainMisdirected(error: unknown): unknown {
  if (!(error instanceof MeshError) || error.code !== "offline") return error;
  const { url, reason } = error.detail ?? {};
  if (typeof url !== "string" || typeof reason !== "string" || !misdirected.test(reason)) {
    return error;
  }
  return new MeshError("wrong_host", `the broker at ${url} does not go by that name`, {
    hint: `dial the address in its invite links, or have its operator start it with: claudemesh up --public-url ${url}`,
    detail: { url },
    cause: error,
  });
}
