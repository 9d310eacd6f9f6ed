import assert from "node:assert/strict";
import type { Scene, ToolRows } from "../row.ts";

const hook = async ({ alice }: Scene, name: string) =>
  (await alice.device()).api.webhook.create({ name, to: "#general" });

const watched = (path: string) => ({ url: `https://status.example.org/${path}`, every: "1d" });

/** Schedules, the clock, watches and webhooks. */
export const jobTools: ToolRows = {
  cancel_scheduled: {
    good: async ({ alice }) => {
      const { api } = await alice.device();
      return { id: (await api.schedule.create({ text: "never", in: "2d" })).id };
    },
  },
  create_webhook: {
    good: () => ({ name: "ci", to: "#general" }),
    expect: ({ url }) => assert.match(url, /^http/),
  },
  delete_webhook: { good: async (scene) => ({ id: (await hook(scene, "old")).id }) },
  list_scheduled: { good: () => ({}) },
  list_webhooks: { good: () => ({}) },
  mesh_clock: { good: () => ({}) },
  mesh_pause_clock: { good: () => ({}) },
  mesh_resume_clock: { good: () => ({}) },
  mesh_set_clock: {
    good: () => ({ speed: 2 }),
    expect: ({ speed }) => assert.equal(speed, 2),
  },
  mesh_unwatch: {
    good: async ({ alice }) => ({
      id: (await (await alice.device()).api.watch.create(watched("old"))).id,
    }),
  },
  mesh_watch: {
    good: () => ({ ...watched("new"), mode: "hash", on: "change" }),
    expect: ({ everyMs }) => assert.equal(everyMs, 86_400_000),
  },
  mesh_watches: { good: () => ({}) },
  schedule_reminder: {
    good: () => ({ text: "stand up", in: "2d" }),
    expect: ({ text }) => assert.equal(text, "stand up"),
  },
};
