import type { UpFrame } from "@claudemesh/protocol";
import type { ClientOptions } from "./types.ts";

/** The id under which a broker refuses a hello. */
export const helloId = "hello";

/** The hello of a member for one connection; passes on what its signer or cursor throws. */
export function greeting(
  member: NonNullable<ClientOptions["member"]>,
  on: { challenge: string; host: string; at: number },
  client: string | undefined,
): Extract<UpFrame, { type: "hello" }> {
  const cursor = member.cursor?.();
  return {
    type: "hello",
    hello: member.sign(on),
    purpose: member.purpose,
    ...(cursor === undefined ? {} : { cursor }),
    ...(client === undefined ? {} : { client }),
  };
}
