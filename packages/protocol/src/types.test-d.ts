// What must and must not compile; `tsc` is the test.
import { z } from "zod";
import { op } from "./op.ts";
import type { Code, DeviceApi, Input, OpenInput, Output, WireClient } from "./registry.ts";
import type { Opened, Sealed } from "./sealed.ts";
import { sealed } from "./sealed.ts";

declare const client: WireClient;
declare const device: DeviceApi;
declare const body: Input<"message.send">["envelope"]["body"];

const found: Promise<Output<"message.status">> = client.message.status({ id: "msg_x" as never });
void found;
void device.message.send({ to: "bob", text: "hi" });
void device.invite.create({});

// @ts-expect-error an operation that is not declared
void client.message.recall({});
// @ts-expect-error an operation of the device alone has no wire form
void client.message.inbox({});
// @ts-expect-error what only devices say to brokers is not offered to people
void device.roster.list({ after: 0 });
// @ts-expect-error a missing field
void device.message.send({ to: "bob" });
// @ts-expect-error a wrong type
void device.message.send({ to: "bob", text: 7 });
// @ts-expect-error a plain string is not an id
void client.message.status({ id: "msg_x" });
// @ts-expect-error a sealed field has no string methods
body.startsWith("x");
// @ts-expect-error plaintext is not ciphertext
const wrong: typeof body = "hello";
void wrong;
// @ts-expect-error a code outside the operation's own and the common ones
const code: Code<"mesh.info"> = "exhausted";
void code;
const common = { kind: "query", since: 1, scope: "member", limit: "read", summary: "X" } as const;
const io = { input: z.object({}), output: z.object({}) };
void op({ ...common, ...io, name: "a.b", errors: ["expired"] });
// @ts-expect-error a code outside the table
void op({ ...common, ...io, name: "a.b", errors: ["nope"] });
// @ts-expect-error a name without a noun
void op({ ...common, ...io, name: "ab", errors: [] });

type Title = { title: Sealed<string>; tags: Sealed<{ name: string }>[]; n: number | undefined };
const opened: Opened<Title> = { title: "plain", tags: [{ name: "x" }], n: undefined };
void opened;
const field = sealed(z.object({ text: z.string() }), { to: "mesh", maxBytes: 10 });
type Text = Opened<z.output<typeof field>>;
const text: Text = { text: "x" };
void text;
const expires: OpenInput<"invite.create">["expires"] = "7d";
void expires;
