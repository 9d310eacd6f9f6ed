import assert from "node:assert/strict";
import { test } from "node:test";
import { homeFolder } from "./home.js";

test("CLAUDEMESH_HOME is over all, XDG counts only when set and absolute", () => {
  const linux = (env: Record<string, string>) => homeFolder(env, "linux", "/home/a");
  assert.equal(linux({}), "/home/a/.claudemesh");
  assert.equal(linux({ XDG_DATA_HOME: "/data" }), "/data/claudemesh");
  assert.equal(linux({ XDG_DATA_HOME: "data" }), "/home/a/.claudemesh");
  assert.equal(linux({ XDG_DATA_HOME: "/data", CLAUDEMESH_HOME: "/x" }), "/x");
});

test("Windows has its own place", () => {
  const home = homeFolder({ APPDATA: "/users/a/appdata" }, "win32", "/users/a");
  assert.equal(home, "/users/a/appdata/claudemesh");
});
