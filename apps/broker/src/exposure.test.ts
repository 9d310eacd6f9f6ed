import assert from "node:assert/strict";
import { test } from "node:test";
import { exposureOf } from "./exposure.ts";

const config = { host: "127.0.0.1", publicUrl: "", tlsCert: "", trustProxy: [] as string[] };

test("the line at the start says to whom the broker is open, and how", () => {
  const said = (change: Partial<typeof config>) =>
    exposureOf({ ...config, ...change }, "http://x:1");
  assert.match(said({}), /^http:\/\/x:1 is open to this machine only, in plain http: /);
  assert.match(said({ host: "::1" }), /this machine only/);
  assert.match(said({ host: "0.0.0.0" }), /everyone who reaches any address of this machine/);
  assert.match(said({ host: "10.0.0.7", tlsCert: "/c" }), /reaches 10\.0\.0\.7, in https/);
  assert.match(
    said({ publicUrl: "https://m", trustProxy: ["::1"] }),
    /https:\/\/m, X-Forwarded-For is believed of ::1/,
  );
});
