import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { CallObserver } from "./call-observer.ts";
import type { TraceParent } from "./trace-parent.ts";

export interface Tracing {
  readonly observer: CallObserver;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** how long a collector is waited for, also when the broker ends */
const timeoutMillis = 2_000;

/** Sends a span per call to an OpenTelemetry collector: operation, outcome and request id, nothing of whom or what; of a caller that has a trace of its own, as part of that. Loaded only where it is configured. */
export function startTracing(otlpUrl: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${otlpUrl}/v1/traces`, timeoutMillis });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "claudemesh-broker" }),
    spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: timeoutMillis })],
  });
  const tracer = provider.getTracer("claudemesh");
  return {
    observer: ({ op, requestId, trace: parent }) => {
      const attributes = { "claudemesh.request_id": requestId };
      const options = { kind: SpanKind.SERVER, attributes };
      const span = tracer.startSpan(op, options, contextOf(parent));
      return (outcome) => {
        span.setAttribute("claudemesh.outcome", outcome);
        if (outcome === "internal") span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    // A collector that is away must not keep the broker from ending.
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

const contextOf = (parent: TraceParent | undefined): Context =>
  parent === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
