import { isIP } from "node:net";
import { join } from "node:path";
import type { BrokerSettings, Host } from "../host.ts";
import { brokerFields } from "./broker/fields.ts";

/** A broker's settings as they were typed behind `up` or `broker start`; the broker itself judges them. */
export const brokerSettings = (
  input: Readonly<Record<string, unknown>>,
  host: Host,
): BrokerSettings => ({
  flags: brokerFlags(input),
  defaultDataDir: join(host.home, "broker"),
});

/** What of a verb's input is a setting of the broker, as flags. */
export const brokerFlags = (input: Readonly<Record<string, unknown>>): readonly string[] =>
  brokerFields.flatMap(({ flag, name }) =>
    input[name] === undefined ? [] : [`--${flag}=${String(input[name])}`],
  );

/** Whether only this machine can dial `address`. */
export const isLoopback = (address: string): boolean =>
  address === "localhost" ||
  address === "::1" ||
  (isIP(address) === 4 && address.startsWith("127."));
