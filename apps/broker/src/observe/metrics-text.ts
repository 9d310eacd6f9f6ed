import { readdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { Bus } from "../bus/port.ts";
import type { Connections } from "../connections.ts";
import type { ProcessMetrics } from "../metrics.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Rosters } from "../rosters.ts";
import type { Store } from "../store/port.ts";
import { Exposition, type Sample } from "./exposition.ts";

export interface MetricsSources {
  readonly bus: Bus;
  /** undefined for a broker that has its store to itself */
  readonly nodes: Nodes | undefined;
  readonly metrics: ProcessMetrics;
  readonly connections: Connections;
  readonly store: Store;
  readonly rosters: Rosters;
}

const samples = <K extends string | number>(
  counts: Iterable<readonly [K, number]>,
  label: string,
): Sample[] => [...counts].map(([key, value]) => ({ labels: { [label]: String(key) }, value }));

/** Everything that is measured, for Prometheus. What must be looked for, such as bytes that wait, is looked for now. */
export function metricsText(sources: MetricsSources): string {
  const page = new Exposition();
  addCalls(page, sources.metrics);
  addLog(page, sources);
  addConnections(page, sources);
  addJobs(page, sources.metrics);
  addNodes(page, sources);
  addProcess(page);
  return page.text();
}

function addCalls(page: Exposition, metrics: ProcessMetrics): void {
  const outcomes = [...metrics.ops].flatMap(([op, counts]) =>
    [...counts.outcomes].map(([outcome, value]) => ({ labels: { op, outcome }, value })),
  );
  page
    .counter("claudemesh_calls_total", "Calls that ended, by operation and outcome.", outcomes)
    .histogram(
      "claudemesh_call_seconds",
      "Time from a call's arrival to its answer, by operation.",
      [...metrics.ops].map(([op, { latency }]) => ({ labels: { op }, histogram: latency })),
    )
    .counter(
      "claudemesh_http_requests_total",
      "HTTP requests answered, by status.",
      samples(metrics.requests, "status"),
    )
    .histogram("claudemesh_http_request_seconds", "Time to answer an HTTP request.", [
      { histogram: metrics.httpLatency },
    ]);
}

function addLog(page: Exposition, { metrics, rosters, store }: MetricsSources): void {
  const { chars, writes } = store.queue();
  page
    .histogram(
      "claudemesh_append_seconds",
      "Time from asking for an append to the log until it is on stable storage.",
      [{ histogram: metrics.appends }],
    )
    .histogram("claudemesh_write_seconds", "The same for writes that append nothing.", [
      { histogram: metrics.otherWrites },
    ])
    .histogram(
      "claudemesh_push_seconds",
      "Time from taking an entry until it is on its way to all readers that are connected.",
      [{ histogram: metrics.pushes }],
    )
    .counter("claudemesh_deliveries_total", "Entries handed to connected readers.", [
      { value: metrics.deliveries },
    ])
    .gauge("claudemesh_queue_writes", "Writes that wait for their commit.", [{ value: writes }])
    .gauge("claudemesh_queue_chars", "Characters in them.", [{ value: chars }])
    .gauge("claudemesh_rosters", "Verified rosters in memory.", [{ value: rosters.size }]);
}

function addConnections(page: Exposition, { connections, metrics }: MetricsSources): void {
  const { unsentBytes, ...kinds } = connections.census();
  page
    .gauge(
      "claudemesh_connections",
      "Live connections: those that have not said who they are, feeds and those for calls.",
      samples(Object.entries(kinds), "kind"),
    )
    .gauge("claudemesh_unsent_bytes", "Bytes that readers have not taken yet.", [
      { value: unsentBytes },
    ])
    .counter("claudemesh_connections_opened_total", "Connections that were opened.", [
      { value: metrics.opened },
    ])
    .counter(
      "claudemesh_connections_closed_total",
      "Connections that ended, by close code.",
      samples(metrics.closes, "code"),
    )
    .counter(
      "claudemesh_drops_total",
      "What was refused, ended or not told, by reason.",
      samples(metrics.drops, "reason"),
    );
}

function addNodes(page: Exposition, { bus, nodes }: MetricsSources): void {
  const { dropped, published, received, reconnects, refused } = bus.counts;
  page
    .gauge("claudemesh_node_info", "This node.", [
      { labels: { node: nodes?.id ?? "alone", bus: bus.kind }, value: 1 },
    ])
    .gauge("claudemesh_nodes", "Nodes of the database that live, as this one sees it.", [
      { value: nodes?.live ?? 1 },
    ])
    .gauge("claudemesh_bus_up", "Whether the bus between nodes is there.", [
      { value: bus.isUp ? 1 : 0 },
    ])
    .counter("claudemesh_bus_published_total", "Signals sent to other nodes.", [
      { value: published },
    ])
    .counter("claudemesh_bus_received_total", "Signals of other nodes.", [{ value: received }])
    .counter("claudemesh_bus_dropped_total", "Signals that found no bus, or were too long.", [
      { value: dropped },
    ])
    .counter(
      "claudemesh_bus_refused_total",
      "Signals that no node of this database sealed, that were old, or that came before.",
      [{ value: refused }],
    )
    .counter("claudemesh_bus_reconnects_total", "Connections to the bus that were made again.", [
      { value: reconnects },
    ]);
}

function addJobs(page: Exposition, { jobs }: ProcessMetrics): void {
  const rounds = [...jobs].flatMap(([job, { failed, ran }]) => [
    { labels: { job, outcome: "ran" }, value: ran },
    { labels: { job, outcome: "failed" }, value: failed },
  ]);
  const succeeded = [...jobs].flatMap(([job, { succeededAt }]) =>
    succeededAt === null ? [] : [{ labels: { job }, value: succeededAt / 1_000 }],
  );
  page
    .counter("claudemesh_job_rounds_total", "Rounds of background jobs.", rounds)
    .gauge("claudemesh_job_succeeded_timestamp_seconds", "When a job last ended well.", succeeded);
}

function addProcess(page: Exposition): void {
  const { system, user } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  const { active, idle } = performance.eventLoopUtilization();
  const files = openFiles();
  page
    .counter("process_cpu_seconds_total", "CPU time of all threads.", [
      { value: (system + user) / 1e6 },
    ])
    .gauge("process_resident_memory_bytes", "Resident memory.", [{ value: rss }])
    .gauge("nodejs_heap_used_bytes", "JavaScript heap in use.", [{ value: heapUsed }])
    .gauge("process_start_time_seconds", "When the process began.", [
      { value: performance.timeOrigin / 1_000 },
    ])
    .counter("claudemesh_event_loop_active_seconds_total", "Time the event loop worked.", [
      { value: active / 1_000 },
    ])
    .counter("claudemesh_event_loop_idle_seconds_total", "Time it waited for work.", [
      { value: idle / 1_000 },
    ]);
  if (files !== undefined) {
    page.gauge("process_open_fds", "Open file descriptors.", [{ value: files }]);
  }
}

/** Where the system shows it. */
function openFiles(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}
